using System.Globalization;
using System.Text;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>A place in a card. Thousands are passed by for each one that somebody wants written out as a JSON pointer.</summary>
internal sealed class Spot
{
    private static readonly Spot Card = new(null, "", -1);

    private readonly Spot? _in;
    private readonly string _name;
    private readonly int _number;

    private Spot(Spot? inside, string name, int number) => (_in, _name, _number) = (inside, name, number);

    public static implicit operator Spot(string pointer) => pointer.Length == 0 ? Card : new Spot(null, pointer, -1);

    public static Spot operator +(Spot inside, string pointer) => new(inside, pointer, -1);

    /// <summary>The item of that number in the list of that name.</summary>
    public Spot Item(string list, int number) => new(this, list, number);

    public override string ToString()
    {
        var pointer = new StringBuilder();
        Write(pointer);
        return pointer.ToString();
    }

    private void Write(StringBuilder pointer)
    {
        _in?.Write(pointer);
        if (_number >= 0)
            pointer.Append('/').Append(_name).Append('/').Append(_number.ToString(CultureInfo.InvariantCulture));
        else
            pointer.Append(_name);
    }
}
