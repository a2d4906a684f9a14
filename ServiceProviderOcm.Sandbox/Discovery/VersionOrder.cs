using System.Globalization;
using System.Text.RegularExpressions;

namespace ServiceProviderOcm.Sandbox.Discovery;

/// <summary>Puts the versions of a group in order, the preferred one first: v2, v1, v1beta2, v1beta1, v1alpha1, others.</summary>
internal sealed partial class VersionOrder : IComparer<string>
{
    /// <summary>The only one.</summary>
    public static readonly VersionOrder Instance = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y) => Rank(y!).CompareTo(Rank(x!)) is var order and not 0 ? order : string.CompareOrdinal(x, y);

    private static (int Stability, int Major, int Minor) Rank(string version) => Version().Match(version) is { Success: true } parts
        ? (
            parts.Groups["stage"].Value switch { "alpha" => 1, "beta" => 2, _ => 3 },
            Number(parts.Groups["major"].Value),
            Number(parts.Groups["minor"].Value))
        : (0, 0, 0);

    private static int Number(string digits) => int.TryParse(digits, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"^v(?<major>\d+)((?<stage>alpha|beta)(?<minor>\d+))?\z")]
    private static partial Regex Version();
}
