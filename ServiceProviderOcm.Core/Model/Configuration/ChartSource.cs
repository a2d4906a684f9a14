namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>Where a chart comes from, and what it is installed with.</summary>
/// <param name="Url">The chart's OCI URL with scheme.</param>
/// <param name="PullSecret">The source Secret's name in the provider's namespace; empty if the chart is public.</param>
/// <param name="Values">Helm values.</param>
/// <param name="ToolkitPullSecrets">The source Secrets, by name, that the toolkit's pods pull images with on the control plane.</param>
/// <param name="Errors">What prevents the chart from being installed; the other fields are only good if there is nothing.</param>
public sealed record ChartSource(
    string Url, string PullSecret, HelmValues Values, IReadOnlyList<string> ToolkitPullSecrets, IReadOnlyList<ConfigIssue> Errors)
{
    /// <summary>No chart.</summary>
    public static readonly ChartSource None = new("", "", HelmValues.Default, [], []);

    /// <summary>How the signature of the chart is verified; null if it is not.</summary>
    public ChartVerification? Verification { get; init; }

    /// <summary>The JSON path of the <see cref="Verification"/>.</summary>
    public string VerificationPath { get; init; } = "spec.verify";

    /// <summary>The JSON path of the name of the <see cref="PullSecret"/>.</summary>
    public string PullSecretPath { get; init; } = "spec.imagePullSecret.name";

    /// <summary>The JSON path of the <see cref="Values"/>.</summary>
    public string ValuesPath { get; init; } = "spec.values";
}
