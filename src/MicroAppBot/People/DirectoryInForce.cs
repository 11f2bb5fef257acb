using Governance.People;
using MicroAppBot.Content;
using MicroAppBot.Desk;

namespace MicroAppBot.People;

/// <summary>The directory of the content that holds now.</summary>
public sealed class DirectoryInForce(ContentPart<FileDirectory> directory) : IDirectory
{
    public IReadOnlyDictionary<string, Person> People => directory.Now.People;

    public Person PersonOf(ChannelAccount account, string? displayName, string? email) => directory.Now.PersonOf(account, displayName, email);
}
