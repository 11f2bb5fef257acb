using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Rego.Values;

/// <summary>JSON text straight to values, without a document in between.</summary>
internal static class JsonValueReader
{
    public static RValue Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = RValue.MaxJsonDepth });
        try
        {
            if (!reader.Read()) throw new FormatException("The JSON text is empty.");
            var value = ReadValue(ref reader);
            if (reader.Read()) throw new FormatException("There is more text after the end of the JSON value.");
            return value;
        }
        catch (JsonException fault)
        {
            throw new FormatException($"Not valid JSON at line {(fault.LineNumber ?? 0) + 1}, byte {(fault.BytePositionInLine ?? 0) + 1}: {Reason(fault)}", fault);
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no UTF-8 and halves of surrogate pairs are read as U+FFFD.
            return Read(Repaired(utf8));
        }
    }

    private static byte[] Repaired(ReadOnlySpan<byte> utf8)
    {
        var source = Encoding.UTF8.GetString(utf8);
        var text = new StringBuilder(source.Length);
        for (var i = 0; i < source.Length; i++)
        {
            text.Append(source[i]);
            if (source[i] != '\\' || i + 1 >= source.Length) continue;
            text.Append(source[++i]);
            if (source[i] != 'u' || Escaped(source, i + 1) is not { } unit || !char.IsSurrogate(unit)) continue;
            if (char.IsHighSurrogate(unit) && i + 6 < source.Length && source[i + 5] == '\\' && source[i + 6] == 'u' && Escaped(source, i + 7) is { } low && char.IsLowSurrogate(low))
            {
                text.Append(source, i + 1, 10);
                i += 10;
                continue;
            }
            text.Append("fffd");
            i += 4;
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static char? Escaped(string text, int at) =>
        at + 4 <= text.Length && ushort.TryParse(text.AsSpan(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? (char)unit : null;

    private static string Reason(JsonException fault)
    {
        var at = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return at < 0 ? fault.Message : fault.Message[..at];
    }

    private static RValue ReadValue(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null: return RNull.Instance;
            case JsonTokenType.True: return RBool.True;
            case JsonTokenType.False: return RBool.False;
            case JsonTokenType.String: return reader.ValueIsEscaped || !Ascii.IsValid(reader.ValueSpan) ? new RString(reader.GetString()!) : SharedStrings.Text(reader.ValueSpan);
            case JsonTokenType.Number: return ReadNumber(reader.ValueSpan);
            case JsonTokenType.StartArray:
                {
                    var items = new List<RValue>();
                    while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(ReadValue(ref reader));
                    return items.Count == 0 ? RArray.Empty : new RArray([.. items]);
                }
            case JsonTokenType.StartObject:
                {
                    var builder = new RObjectBuilder();
                    while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                    {
                        var key = reader.ValueIsEscaped || !Ascii.IsValid(reader.ValueSpan) ? new RString(reader.GetString()!) : SharedStrings.Name(reader.ValueSpan);
                        reader.Read();
                        builder.Set(key, ReadValue(ref reader));
                    }
                    return builder.Build();
                }
            default: throw new FormatException($"Not valid JSON: unexpected {reader.TokenType}.");
        }
    }

    private static RNumber ReadNumber(ReadOnlySpan<byte> digits)
    {
        if (digits.Length <= 18 && digits.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0 &&
            !(digits[0] == '-' && digits.Length == 2 && digits[1] == '0') &&
            System.Buffers.Text.Utf8Parser.TryParse(digits, out long value, out var used) && used == digits.Length)
        {
            return RNumber.Of(value);
        }
        return RNumber.FromText(Encoding.ASCII.GetString(digits));
    }
}

internal static class JsonValueWriter
{
    public static void Write(RValue value, Utf8JsonWriter writer)
    {
        switch (value)
        {
            case RNull: writer.WriteNullValue(); break;
            case RBool b: writer.WriteBooleanValue(b.Value); break;
            case RString s: writer.WriteStringValue(s.Value); break;
            case RNumber n:
                if (n.IsPlainInt64) writer.WriteNumberValue(n.Int64);
                else writer.WriteRawValue(n.Text, skipInputValidation: true);
                break;
            case RArray a:
                writer.WriteStartArray();
                foreach (var item in a.Items) Write(item, writer);
                writer.WriteEndArray();
                break;
            case RSet s:
                writer.WriteStartArray();
                foreach (var item in s.Elements) Write(item, writer);
                writer.WriteEndArray();
                break;
            case RObject o:
                writer.WriteStartObject();
                var keys = o.Keys;
                var values = o.Values;
                for (var i = 0; i < keys.Length; i++)
                {
                    if (keys[i] is not RString && o.Get(new RString(GoJson.Of(keys[i]))) is not null) continue;
                    writer.WritePropertyName(keys[i] is RString k ? k.Value : GoJson.Of(keys[i]));
                    Write(values[i], writer);
                }
                writer.WriteEndObject();
                break;
        }
    }
}

/// <summary>JSON as Go's encoder writes it (no spaces, keys sorted, &lt; &gt; &amp; and the line separators escaped): what json.marshal answers.</summary>
internal static class GoJson
{
    public static string Of(RValue value, string? prefix = null, string? indent = null, bool html = true)
    {
        var text = new StringBuilder();
        new Writing(text, prefix, indent, html).Write(value, 0);
        return text.ToString();
    }

    private sealed class Writing(StringBuilder text, string? prefix, string? indent, bool html)
    {
        public void Write(RValue value, int depth)
        {
            switch (value)
            {
                case RNull: text.Append("null"); break;
                case RBool b: text.Append(b.Value ? "true" : "false"); break;
                case RNumber n: text.Append(n.Text); break;
                case RString s: Quote(s.Value, text, html); break;
                case RArray a: WriteItems(a.Items, depth); break;
                case RSet s: WriteItems(s.Elements, depth); break;
                case RObject o: WriteObject(o, depth); break;
            }
        }

        private void WriteItems(ReadOnlySpan<RValue> items, int depth)
        {
            text.Append('[');
            for (var i = 0; i < items.Length; i++)
            {
                if (i > 0) text.Append(',');
                NewLine(depth + 1);
                Write(items[i], depth + 1);
            }
            if (items.Length > 0) NewLine(depth);
            text.Append(']');
        }

        private void WriteObject(RObject o, int depth)
        {
            var entries = new List<(string Key, RValue Value)>(o.Count);
            var keys = o.Keys;
            var values = o.Values;
            for (var i = 0; i < keys.Length; i++)
            {
                var name = keys[i] is RString k ? k.Value : Of(keys[i], html: html);
                // 1 and "1" are one key in JSON; the text is the later of them.
                if (keys[i] is RString || o.Get(new RString(name)) is null) entries.Add((name, values[i]));
            }
            entries.Sort((x, y) => RString.CompareCodePoints(x.Key, y.Key));
            text.Append('{');
            for (var i = 0; i < entries.Count; i++)
            {
                if (i > 0) text.Append(',');
                NewLine(depth + 1);
                Quote(entries[i].Key, text, html);
                text.Append(indent is null ? ":" : ": ");
                Write(entries[i].Value, depth + 1);
            }
            if (entries.Count > 0) NewLine(depth);
            text.Append('}');
        }

        private void NewLine(int depth)
        {
            if (indent is null) return;
            text.Append('\n').Append(prefix);
            for (var i = 0; i < depth; i++) text.Append(indent);
        }
    }

    public static void Quote(string value, StringBuilder text, bool html = true)
    {
        text.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            switch (c)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case '<' or '>' or '&' when html:
                case '\u2028' or '\u2029':
                case < ' ':
                    text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                    break;
                case >= '\uD800' and <= '\uDBFF' when i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]):
                    text.Append(c).Append(value[++i]);
                    break;
                case >= '\uD800' and <= '\uDFFF': text.Append("\\ufffd"); break;
                default: text.Append(c); break;
            }
        }
        text.Append('"');
    }
}

/// <summary>Values in Rego's own notation, as sprintf("%v") and error texts show them.</summary>
internal static class RegoText
{
    public static string Of(RValue value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return text.ToString();
    }

    public static void Write(RValue value, StringBuilder text)
    {
        switch (value)
        {
            case RNull: text.Append("null"); break;
            case RBool b: text.Append(b.Value ? "true" : "false"); break;
            case RNumber n: text.Append(n.Text); break;
            case RString s: text.Append(Builtins.GoQuote.Text(s.Value)); break;
            case RArray a: WriteItems('[', ']', a.Items, text); break;
            case RSet { Count: 0 }: text.Append("set()"); break;
            case RSet s: WriteItems('{', '}', s.Elements, text); break;
            case RObject o:
                text.Append('{');
                var keys = o.Keys;
                var values = o.Values;
                for (var i = 0; i < keys.Length; i++)
                {
                    if (i > 0) text.Append(", ");
                    Write(keys[i], text);
                    text.Append(": ");
                    Write(values[i], text);
                }
                text.Append('}');
                break;
        }
    }

    private static void WriteItems(char open, char close, ReadOnlySpan<RValue> items, StringBuilder text)
    {
        text.Append(open);
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) text.Append(", ");
            Write(items[i], text);
        }
        text.Append(close);
    }
}
