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

        foreach (var form in _forms.Value)
        {
            text = text.Replace(form, Mask, StringComparison.Ordinal);
        }

        return text.EndsWith(ForeignText.Ellipsis, StringComparison.Ordinal)
            ? WithoutCutValue(text[..^ForeignText.Ellipsis.Length]) + ForeignText.Ellipsis
            : text;
    }

    private string WithoutCutValue(string text)
    {
        foreach (var form in _forms.Value)
        {
            for (var length = Math.Min(form.Length - 1, text.Length); length >= ShortestValue; length--)
            {
                if (text.AsSpan().EndsWith(form.AsSpan(0, length), StringComparison.Ordinal))
                {
                    return text[..^length] + Mask;
                }
            }
        }

        return text;
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
