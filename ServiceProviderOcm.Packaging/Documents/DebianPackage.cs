namespace ServiceProviderOcm.Packaging.Documents;

/// <summary>A Debian package in a base image.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Architecture">Such as <c>amd64</c>, or <c>all</c>.</param>
/// <param name="Source">The source package, for which vulnerabilities are published; its version follows after <c>@</c> if it differs.</param>
public sealed record DebianPackage(string Name, string Version, string Architecture, string Source)
{
    /// <summary>The distribution that the package is from.</summary>
    public Distribution Distribution { get; init; } = Distribution.Unknown;

    /// <summary>The package URL, with what scanners find vulnerabilities by.</summary>
    public string Purl =>
        $"pkg:deb/{Distribution.Id}/{Escape(Name)}@{Escape(Version)}?arch={Architecture}"
        + (Distribution.FullName.Length == 0 ? "" : $"&distro={Escape(Distribution.FullName)}")
        + (Source == Name ? "" : $"&upstream={Escape(Source)}");

    private static string Escape(string value) => Uri.EscapeDataString(value);
}
