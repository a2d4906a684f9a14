using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>
/// What is not quoted, as Kubernetes' tools read it, which is YAML 1.1: <c>yes</c> is true, <c>0644</c> is octal, and digits
/// may be grouped as in <c>1_000</c>.
/// </summary>
internal static partial class PlainScalars
{
    private static readonly HashSet<string> Nulls = ["", "~", "null", "Null", "NULL"];

    private static readonly HashSet<string> Yes = ["true", "True", "TRUE", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON"];
    private static readonly HashSet<string> No = ["false", "False", "FALSE", "n", "N", "no", "No", "NO", "off", "Off", "OFF"];

    public static JsonNode? Read(string text) =>
        Nulls.Contains(text) ? null
        : Yes.Contains(text) ? true
        : No.Contains(text) ? false
        : Number(text.StartsWith('_') ? text : text.Replace("_", "", StringComparison.Ordinal)) ?? text;

    /// <summary>Whether the text can be written without quotes, and any reader takes it for text. In doubt it cannot.</summary>
    public static bool IsSafe(string text) =>
        SafeText().IsMatch(text) && Read(text) is JsonValue value && value.TryGetValue<string>(out _);

    private static JsonNode? Number(string text)
    {
        if (Whole().IsMatch(text))
        {
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
                : ulong.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large) ? large
                : Fraction(text);
        }

        return WithBase().Match(text) is { Success: true } based ? WholeWithBase(based)
            : WithFraction().IsMatch(text) ? Fraction(text)
            : null;
    }

    private static JsonNode? WholeWithBase(Match based)
    {
        var (digits, radix) = based.Groups switch
        {
            [_, _, { Success: true } hexadecimal, ..] => (hexadecimal.Value, 16),
            [_, _, _, { Success: true } binary, ..] => (binary.Value, 2),
            var groups => (groups[4].Value, 8),
        };
        try
        {
            var value = checked((long)Convert.ToUInt64(digits, radix));
            return based.Groups[1].Value == "-" ? -value : value;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static JsonNode? Fraction(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    [GeneratedRegex(@"^[-+]?(0|[1-9][0-9]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+))\z", RegexOptions.CultureInvariant)]
    private static partial Regex WithBase();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex WithFraction();

    [GeneratedRegex(@"^[A-Za-z/_][A-Za-z0-9/_.@+=:-]*[A-Za-z0-9/_.@+=-]\z", RegexOptions.CultureInvariant)]
    private static partial Regex SafeText();
}
