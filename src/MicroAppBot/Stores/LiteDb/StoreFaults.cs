namespace MicroAppBot.Stores.LiteDb;

/// <summary>Another process has the data folder.</summary>
public sealed class StoreInUseException : Exception
{
    public StoreInUseException() { }
    public StoreInUseException(string message) : base(message) { }
    public StoreInUseException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>The store's file cannot be read. It was left as it is; the message says where it lies and which backup there is.</summary>
public sealed class StoreDamagedException : Exception
{
    public StoreDamagedException() { }
    public StoreDamagedException(string message) : base(message) { }
    public StoreDamagedException(string message, Exception inner) : base(message, inner) { }
}
