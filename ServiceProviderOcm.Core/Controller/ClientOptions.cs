using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>The options of this controller's clients.</summary>
public static class ClientOptions
{
    /// <summary>The one field manager of this controller, also its name in the user agent.</summary>
    public const string FieldManager = "service-provider-ocm";

    /// <summary>For the platform and the onboarding cluster.</summary>
    public static readonly KubernetesApiOptions Default = new() { FieldManager = FieldManager };

    /// <summary>
    /// For tenants' control planes: one that does not answer must not block a worker for long, what it sends is limited, and none is quoted.
    /// </summary>
    public static readonly KubernetesApiOptions ControlPlane = Default with
    {
        RequestTimeout = TimeSpan.FromSeconds(10),
        QuotesServer = false,
        SendsInTurn = true,
        MetricsHost = "control-plane",
        Limits = new ReadLimits
        {
            AnswerBytes = 16 << 20,
            HeaderBytes = ConnectionFactory.UntrustedHeaderBytes,
            ObjectBytes = 4 << 20,
            ObjectFields = 1_000,
            BytesPerMinute = 64 << 20,
            Objects = 5_000,
            StoreBytes = 16 << 20,
        },
    };

    /// <summary>For commands that a person waits for: an error is reported at once.</summary>
    public static readonly KubernetesApiOptions Command = Default with { RequestTimeout = TimeSpan.FromSeconds(10), MaxRetries = 0 };

    /// <summary>For reviews of the clients of an endpoint, which retry by themselves.</summary>
    public static readonly KubernetesApiOptions Review = Default with { RequestTimeout = TimeSpan.FromSeconds(5), MaxRetries = 0 };

    /// <summary>For connections.</summary>
    public static readonly ConnectionOptions Connection =
        new() { UserAgent = $"{FieldManager}/{ThisAssembly.AssemblyInformationalVersion}" };

    /// <summary>The same, for clients that keep only the fields that this provider reads.</summary>
    /// <param name="options">The other options.</param>
    /// <param name="api">The API group.</param>
    /// <param name="ocmFieldBytes">The limit of memory for each of the fields of an OCM that its users write.</param>
    public static KubernetesApiOptions For(
        this KubernetesApiOptions options, ProviderApi api, int ocmFieldBytes = Projections.DefaultOcmFieldBytes) =>
        options with { Projections = Projections.Of(api, ocmFieldBytes), GroupProjections = Projections.OfGroups };

    /// <summary>For the platform cluster, where the HelmReleases of all tenants share their values.</summary>
    /// <param name="options">The other options.</param>
    public static KubernetesApiOptions WithSharedValues(this KubernetesApiOptions options) =>
        options with { SharedParts = [new SharedParts(PlatformKinds.HelmRelease, HelmValues.Path)] };
}
