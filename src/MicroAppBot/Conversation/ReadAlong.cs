using System.Text.Json.Nodes;
using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>An answer where others read along: what is for everybody is said there, what concerns one person goes into their own chat, and that is said.</summary>
public static class ReadAlong
{
    private static readonly string[] ForAll = ["welcome", "template-list", "did-not-understand"];

    /// <param name="isGeneral">All of it is about nobody in particular (the rules).</param>
    /// <param name="channel">Where it is: each has its own way to begin a chat with a bot.</param>
    public static Reply Of(Reply reply, Person person, bool isGeneral, string channel)
    {
        List<Message> messages = [.. reply.Messages.Select(m => m switch
        {
            Message.Card card when isGeneral || ForAll.Contains(card.Name) => card with { ForAll = true, Data = WithoutWhatIsTheirs(card.Data) },
            _ => m,
        })];
        if (messages.Count > 0 && !messages.Exists(m => m.ForAll))
        {
            messages.Add(new Message.Line($"{person.FirstName}, that is between you and me: I answer in our own chat. If nothing comes there, {FirstStep(channel)} and ask again.") { ForAll = true });
        }
        return reply with { Messages = messages };
    }

    private static string FirstStep(string channel) => channel == "slack" ? "open me under Apps in the sidebar, say hello there" : "add me as an app first";

    private static JsonObject WithoutWhatIsTheirs(JsonObject data)
    {
        var shown = (JsonObject)data.DeepClone();
        shown.Remove("waiting");
        if (shown.ContainsKey("hasApps")) shown["hasApps"] = false;
        return shown;
    }
}
