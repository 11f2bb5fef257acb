namespace MicroAppBot.Desk;

/// <summary>The policies gave no answer: they halted, or what they answered is no decision document. Never a reason to allow.</summary>
#pragma warning disable CA1032 // Without its reason this exception would say nothing
public sealed class CouldNotJudgeException(string why, Exception? cause = null) : Exception(why, cause);
#pragma warning restore CA1032
