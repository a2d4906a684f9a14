using System.Globalization;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

/// <summary>Random JSON with odd texts, numbers and white space.</summary>
internal static class RandomJson
{
    private static readonly string[] Texts =
    [
        "", "a", "name", "metadata", "managedFields", "é", "\\n", "\\\"", "\\\\", "\\u0000", "\\ud83d\\ude00", "😀", "f:a", "a.b/c", "{}", "]",
    ];

    private static readonly string[] Scalars = ["null", "true", "false", "0", "-0", "1.0", "1e400", "123456789012345678901234567890", "-2.5E-3"];

    public static string Value(Random random, int depth) => random.Next(depth > 0 ? 5 : 2) switch
    {
        0 => Scalars[random.Next(Scalars.Length)],
        1 => Text(random),
        2 => $"[{Space(random)}{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1)))}]",
        _ => $"{{{Space(random)}{string.Join(',', Enumerable.Range(0, random.Next(5)).Select(index => Property(random, depth, index)))}{Space(random)}}}",
    };

    private static string Property(Random random, int depth, int index) =>
        $"\"{Texts[random.Next(Texts.Length)]}{index.ToString(CultureInfo.InvariantCulture)}\"{Space(random)}:{Space(random)}{Value(random, depth - 1)}";

    private static string Text(Random random) => $"\"{Texts[random.Next(Texts.Length)]}{Texts[random.Next(Texts.Length)]}\"";

    private static string Space(Random random) => random.Next(3) switch { 0 => " \n\t", 1 => " ", _ => "" };
}
