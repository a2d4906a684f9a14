using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Report;

/// <summary>A reporter, and an onboarding cluster that accepts what it writes on one OCM.</summary>
internal sealed class ReporterSetup
{
    public static readonly ObjectKey Key = new("project-team", "alpha");

    public ReporterSetup()
    {
        Onboarding
            .Setup(api => api.MergePatchAsync(
                It.IsAny<ResourceKind>(), It.IsAny<ObjectKey>(), It.IsAny<JsonElement>(), "status", It.IsAny<CancellationToken>()))
            .Callback((ResourceKind _, ObjectKey _, JsonElement patch, string _, CancellationToken _) => OnStatus(patch))
            .ReturnsAsync(KubeObject.Parse("""{ "metadata": { "namespace": "project-team", "name": "alpha", "resourceVersion": "9" } }"""));
        Reporter = new Reporter(Onboarding.Object, An.Identity, Ocms, new ReportPace(2000, Time), Time, NullLogger<Reporter>.Instance);
    }

    public Mock<IKubernetesApi> Onboarding { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public Store Ocms { get; } = new();

    public Reporter Reporter { get; }

    /// <summary>Called with each status that is patched.</summary>
    public Action<JsonElement> OnStatus { get; set; } = _ => { };

    /// <summary>The OCM, beyond a limit.</summary>
    public static UnreadableObject OverLimit(string what = "a takes", int limit = 5)
    {
        var excess = new LimitExcess("A", what, 9, limit) { FlagPrefix = "--max-" };
        return new UnreadableObject(Key, "u", "1", excess.Describe(null)) { Excess = excess, Generation = 2 };
    }
}
