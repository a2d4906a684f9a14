using System.Globalization;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>Names of OCMs in a line of text: the first few.</summary>
internal static class OcmNames
{
    private const int Shown = 5;

    /// <summary>Such as <c>a/one, a/two and 3 more</c>.</summary>
    public static string Of(IReadOnlyCollection<ObjectKey> ocms)
    {
        var more = ocms.Count > Shown ? string.Create(CultureInfo.InvariantCulture, $" and {ocms.Count - Shown} more") : "";
        return string.Join(", ", ocms.Take(Shown)) + more;
    }
}
