using System.Text;
using System.Text.Encodings.Web;

namespace ServiceProviderOcm.Core.Kubernetes.Text;

/// <summary>Secret values, which are replaced wherever other systems quote them: as they are, escaped or in Base64.</summary>
/// <param name="values">Returns the values; called only if there is a text to search.</param>
public sealed class SecretValues(Func<IEnumerable<string>> values)
{
    /// <summary>No values.</summary>
    public static readonly SecretValues None = new(() => []);

    /// <summary>What stands in a value's place.</summary>
    public const string Mask = "***";

    /// <summary>
    /// The length from which on a value is replaced. A shorter one, such as a password <c>admin</c>, is also a part of ordinary words:
    /// to replace it there would tell it.
    /// </summary>
    public const int ShortestValue = 6;

    private readonly Lazy<string[]> _forms = new(() =>
    [
        .. values()
            .Where(value => value.Length >= ShortestValue)
            .Distinct(StringComparer.Ordinal)
            .SelectMany(FormsOf)
            .Where(form => form.Length >= ShortestValue)
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(form => form.Length),
    ]);

    /// <summary>The text with a mask in place of each value, and of the beginning of one at the end of a text that has been cut.</summary>
    public string Redact(string text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        // Before whole values are replaced: the beginning of a value may have another one in it.
        var isCut = text.EndsWith(ForeignText.Ellipsis, StringComparison.Ordinal);
        var whole = isCut ? WithoutCutValue(text[..^ForeignText.Ellipsis.Length]) : text;
        var end = isCut ? text[whole.Length..] : "";
        foreach (var form in _forms.Value)
        {
            whole = whole.Replace(form, Mask, StringComparison.Ordinal);
        }

        return whole + (end.Length > ForeignText.Ellipsis.Length ? Mask + ForeignText.Ellipsis : end);
    }

    // Before a beginning, there may be that of another value.
    private string WithoutCutValue(string text)
    {
        var (start, end) = (text.Length, -1);
        while (start != end)
        {
            end = start;
            foreach (var form in _forms.Value)
            {
                start = Math.Min(start, CutAt(text.AsSpan(0, end), form));
            }
        }

        return text[..end];
    }

    // Where the longest beginning of a value is that the text ends with, or the value itself; the length of the text if it does not.
    private static int CutAt(ReadOnlySpan<char> text, string form)
    {
        var at = Math.Max(0, text.Length - form.Length);
        while (text[at..].IndexOf(form.AsSpan(0, ShortestValue), StringComparison.Ordinal) is >= 0 and var found)
        {
            at += found;
            if (form.AsSpan().StartsWith(text[at..], StringComparison.Ordinal))
            {
                return at;
            }

            at++;
        }

        return text.Length;
    }

    private static IEnumerable<string> FormsOf(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        string[] base64 = [Convert.ToBase64String(bytes), Part(bytes, 0), Part(bytes, 1), Part(bytes, 2)];
        string[] plain =
        [
            value,
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value),
            JavaScriptEncoder.Default.Encode(value),
            Uri.EscapeDataString(value),
        ];
        return
        [
            .. plain.Select(form => ForeignText.Line(form).Trim()),
            .. base64,
            .. base64.Select(form => form.Replace('+', '-').Replace('/', '_').TrimEnd('=')),
        ];
    }

    // What the value is encoded as where that many bytes stand before it, and any after it: only the characters that it determines alone.
    private static string Part(byte[] value, int before)
    {
        var encoded = Convert.ToBase64String([.. new byte[before], .. value]).TrimEnd('=');
        var isWhole = (before + value.Length) % 3 == 0;
        var start = before == 0 ? 0 : before + 1;
        var end = encoded.Length - (isWhole ? 0 : 1);
        return start < end ? encoded[start..end] : "";
    }
}
