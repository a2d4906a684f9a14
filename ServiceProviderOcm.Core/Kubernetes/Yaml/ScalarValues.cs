using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>Scalars of YAML, with their tags, and what they are as names of fields.</summary>
/// <remarks>As go-yaml 2 resolves them, and as sigs.k8s.io/yaml turns keys into JSON's.</remarks>
internal static class ScalarValues
{
    private const string Standard = "tag:yaml.org,2002:";

    /// <summary>Whether this key merges other mappings into its own.</summary>
    public static bool IsMerge(Scalar key) => key.Value == "<<" && (TagOf(key) == "merge" || (TagOf(key).Length == 0 && IsPlain(key)));

    /// <summary>The value of a scalar, as <see cref="PlainScalars.Read"/> has it.</summary>
    /// <exception cref="YamlException">The value is not of the type that its tag says.</exception>
    public static object? Read(Scalar scalar) => TagOf(scalar) switch
    {
        "" => IsPlain(scalar) ? PlainScalars.Read(scalar.Value) : scalar.Value,
        "binary" => Binary(scalar),
        "null" => Tagged(scalar, PlainScalars.Read(scalar.Value), value => value is null),
        "bool" => Tagged(scalar, PlainScalars.Read(scalar.Value), value => value is bool),
        "int" => Tagged(scalar, PlainScalars.Read(scalar.Value), value => value is long or ulong),
        "float" => Tagged(scalar, ToDouble(PlainScalars.Read(scalar.Value)), value => value is double),
        _ => scalar.Value,
    };

    /// <summary>The name of a field.</summary>
    /// <returns>Null: no name can be made of the value.</returns>
    public static string? ToName(object? value) => value switch
    {
        string text => text,
        true => "true",
        false => "false",
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        double fraction => Name(fraction),
        _ => null,
    };

    private static bool IsPlain(Scalar scalar) => scalar.Style == ScalarStyle.Plain;

    // "!" makes text of anything.
    private static string TagOf(Scalar scalar) =>
        scalar.Tag.IsEmpty ? ""
        : scalar.Tag.IsNonSpecific || !scalar.Tag.Value.StartsWith(Standard, StringComparison.Ordinal) ? "!"
        : scalar.Tag.Value[Standard.Length..];

    private static object? ToDouble(object? value) => value is long whole ? (double)whole : value;

    private static object? Tagged(Scalar scalar, object? value, Func<object?, bool> fits) => fits(value)
        ? value
        : throw new YamlException(scalar.Start, scalar.End, $"the value is not of type !!{TagOf(scalar)}");

    private static string Binary(Scalar scalar)
    {
        var bytes = new byte[scalar.Value.Length];
        return !scalar.Value.AsSpan().ContainsAny(' ', '\t') && Convert.TryFromBase64String(scalar.Value, bytes, out var count)
            ? Encoding.UTF8.GetString(bytes, 0, count)
            : throw new YamlException(scalar.Start, scalar.End, "the value of !!binary is not Base64");
    }

    // strconv.FormatFloat(value, 'g', -1, 32)
    private static string Name(double value)
    {
        var single = (float)value;
        if (!float.IsFinite(single))
        {
            return float.IsNaN(single) ? ".nan" : single > 0 ? ".inf" : "-.inf";
        }

        var shortest = single.ToString("R", CultureInfo.InvariantCulture);
        var sign = shortest.StartsWith('-') ? "-" : "";
        var digits = DigitsOf(shortest, out var exponent);
        if (digits.Length == 0)
        {
            return sign + "0";
        }

        if (exponent is < -4 or >= 6)
        {
            return Scientific(sign, digits, exponent);
        }

        return exponent < 0 ? $"{sign}0.{new string('0', -exponent - 1)}{digits}"
            : digits.Length <= exponent + 1 ? sign + digits.PadRight(exponent + 1, '0')
            : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    private static string Scientific(string sign, string digits, int exponent) => string.Create(
        CultureInfo.InvariantCulture,
        $"{sign}{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");

    // The significant digits of a number, and the exponent of the first one.
    private static string DigitsOf(string number, out int exponent)
    {
        var parts = number.TrimStart('-').Split('E');
        var mantissa = parts[0].Split('.');
        var digits = mantissa[0] + (mantissa.Length > 1 ? mantissa[1] : "");
        var leading = digits.Length - digits.TrimStart('0').Length;
        exponent = (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0) + mantissa[0].Length - 1 - leading;
        return digits.Trim('0');
    }
}
