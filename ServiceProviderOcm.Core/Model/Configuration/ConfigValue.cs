using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>A value of a ProviderConfig or an OCM in a message, which every tenant may read.</summary>
internal static class ConfigValue
{
    private const int MaxBytes = 256;

    // They separate credentials, or what may contain some, from the rest of a URL.
    private const string Suspicious = "@?#";

    /// <summary>The value in quotes, in one line and not too long, and a space; empty if it may contain credentials.</summary>
    public static string Quoted(string value) => value.AsSpan().ContainsAny(Suspicious)
        ? ""
        : $"\"{ForeignText.Cut(ForeignText.Line(value), MaxBytes, "…")}\" ";
}
