namespace MicroAppBot.Desk;

/// <summary>The policies gave no answer: they halted, or what they answered is no decision document. Never a reason to allow.</summary>
#pragma warning disable CA1032 // Without its reason this exception would say nothing
public sealed class CouldNotJudgeException(string why, Exception? cause = null) : Exception(why, cause)
{
    /// <summary>The rules are there, and have no answer for this one manifest; of another one they may say something.</summary>
    public bool IsAboutOne { get; init; }

    /// <summary>What it says of the one manifest it is about; null where it is something else.</summary>
    public static string? AboutOne(Exception mute) => mute is CouldNotJudgeException { IsAboutOne: true } ? mute.Message : null;
}
#pragma warning restore CA1032
