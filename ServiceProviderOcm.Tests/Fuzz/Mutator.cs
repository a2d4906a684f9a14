using System.Text;

namespace ServiceProviderOcm.Tests.Fuzz;

/// <summary>Makes inputs from good ones and from pieces of the language, the same ones for the same seed.</summary>
/// <param name="seed">The seed.</param>
/// <param name="corpus">Good inputs.</param>
/// <param name="pieces">What may be put in.</param>
/// <param name="longest">The maximum number of characters of the longest inputs.</param>
internal sealed class Mutator(int seed, IReadOnlyList<string> corpus, IReadOnlyList<string> pieces, int longest)
{
    // The time of YamlDotNet is quadratic in the depth of brackets: 10,000 take 0.1 s. Only manifests for commands may have so many.
    public const int MaxLength = 4000;

    private const int InputsPerLongOne = 50;

    // What parsers often fail on.
    private static readonly string[] Anywhere =
    [
        "", "\0", "\t", "\n", "\r\n", " ", "\u0085", "\u2028", "\u202e", "\ud800", "\udc00", "\ud83d\ude00", "\ufeff", "\ufffd", "\uffff", "é",
        "\\", "\"", "'", "-", "--", ".", ":", "/", "0", "9", "-1", "99999999999999999999", "1e400", "a", "Z", "_", "%", "@", "#", "{", "}", "[", "]",
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next input.</summary>
    public string Next()
    {
        var text = new StringBuilder(_random.Next(10) == 0 ? Piece() : Pick(corpus));
        var most = MaxLength + text.Length;
        if (longest > most && _random.Next(InputsPerLongOne) == 0)
        {
            most = longest;
            Repeat(text, _random.Next(text.Length + 1), most - text.Length);
        }

        for (var changes = _random.Next(5); changes >= 0; changes--)
        {
            Change(text);
        }

        return text.ToString(0, Math.Min(text.Length, most));
    }

    // Anything repeated is what an algorithm that is worse than linear shows with.
    private void Repeat(StringBuilder text, int at, int length)
    {
        var piece = _random.Next(2) == 0 ? Piece() : text.ToString(at, Math.Min(_random.Next(20), text.Length - at));
        text.Insert(at, piece, length / (piece.Length + 1));
    }

    private void Change(StringBuilder text)
    {
        var at = _random.Next(text.Length + 1);
        var length = Math.Min(_random.Next(20), text.Length - at);
        switch (_random.Next(7))
        {
            case 0:
                text.Remove(at, length);
                break;
            case 1:
                text.Insert(at, Piece());
                break;
            case 2:
                text.Remove(at, length).Insert(at, Piece());
                break;
            case 3:
                text.Insert(_random.Next(text.Length + 1), text.ToString(at, length));
                break;
            case 4:
                var other = Pick(corpus);
                var from = _random.Next(other.Length + 1);
                text.Length = at;
                text.Append(other, from, other.Length - from);
                break;
            case 5 when at < text.Length:
                text[at] = (char)_random.Next(_random.Next(4) == 0 ? char.MaxValue : 128);
                break;
            case 6 when _random.Next(20) == 0:
                Repeat(text, at, MaxLength);
                break;
            default:
                text.Insert(at, _random.Next(2) == 0 ? Piece() : text.ToString(at, length), _random.Next(20));
                break;
        }
    }

    private string Piece() => Pick(_random.Next(3) == 0 ? Anywhere : pieces);

    private string Pick(IReadOnlyList<string> from) => from[_random.Next(from.Count)];
}
