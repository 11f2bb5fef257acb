namespace MicroAppBot.Desk;

/// <summary>A setting is missing or cannot be meant. It stops the start; the message names its key and says what to do.</summary>
public sealed class SettingException(string message) : Exception(message);
