using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>A controller that starts or lists again while all OCMs are Ready writes nothing for them.</summary>
/// <param name="create">Makes the world of a test.</param>
/// <param name="ownsControlPlane">Whether no other test writes to the control plane.</param>
public abstract class IdleScenarios(Func<Task<ProviderWorld>> create, bool ownsControlPlane) : WorldFixture(create)
{
    private const string Other = "mcp-02";

    // Each watch ends soon, and can then be answered with 410.
    private static readonly ControllerOptions ShortWatches =
        new() { Informers = new InformerOptions { WatchTimeout = TimeSpan.FromSeconds(1) } };

    private readonly ConcurrentQueue<string> _writes = [];

    private HttpFaults[] Connections => [World.PlatformFaults, World.OnboardingFaults, World.McpFaults];

    [SetUp]
    public async Task Configure()
    {
        await World.PullSecretAsync();
        var spec = new JsonObject
        {
            ["pollInterval"] = "1h",
            ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName },
        };
        if (ownsControlPlane)
        {
            await World.CaBundleAsync(new TestPki("platform").Pem);
            spec["caBundleRef"] = new JsonObject { ["name"] = ProviderWorld.CaBundleName, ["key"] = "ca.crt" };
            spec["values"] = ToolkitValues.WithPullSecret();
        }

        await World.ConfigureAsync(spec);
    }

    [Test]
    public async Task A_restart_with_Ready_OCMs_writes_nothing()
    {
        World.StartController();
        await World.ReadyTenantAsync();
        await World.StopControllerAsync();
        RecordWrites();

        World.StartController();

        await NothingIsWrittenAsync();
    }

    [Test]
    public async Task A_restart_with_an_OCM_beyond_a_limit_writes_nothing()
    {
        var ocm = World.Ocm("long");
        await World.ApplyOcmAsync(ocm, new string('1', 5_000));
        World.StartController();
        await World.ReadyTenantAsync();
        await World.SeesAsync(ocm, "LimitExceeded");
        await World.EventAsync(ocm, "LimitExceeded");
        await World.StopControllerAsync();
        RecordWrites();

        World.StartController();

        await NothingIsWrittenAsync();
        var events = (await World.Onboarding.Api.ListAllAsync(Kinds.Event))
            .Where(each => each.Text("regarding", "namespace") == ocm.Namespace && each.Text("regarding", "name") == ocm.Name);
        Assert.That(events.Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_relist_with_Ready_OCMs_writes_nothing()
    {
        World.StartController(ShortWatches);
        await World.ReadyTenantAsync();
        RecordWrites();

        var expired = new ConcurrentDictionary<string, bool>();
        foreach (var connection in Connections)
        {
            connection.Answer(
                HttpStatusCode.Gone,
                "Expired",
                request => request.RequestUri!.Query.Contains("watch=true", StringComparison.Ordinal)
                    && expired.TryAdd(WithoutVersion(request.RequestUri), true));
        }

        // Seven kinds and the pull secret on the platform cluster, and OCMs; CA bundle, kubeconfig, and three kinds on the control plane.
        await Eventually.Async(() => expired.Count >= (ownsControlPlane ? 14 : 9), "each watch has expired");
        await NothingIsWrittenAsync();
    }

    private static string WithoutVersion(Uri watch) => string.Join('&', watch.PathAndQuery
        .Split('&')
        .Where(part => !part.StartsWith("resourceVersion=", StringComparison.Ordinal) && !part.StartsWith("timeoutSeconds=", StringComparison.Ordinal)));

    private void RecordWrites()
    {
        foreach (var connection in Connections)
        {
            connection.BeforeWrites(request => _writes.Enqueue($"{request.Method} {request.RequestUri!.AbsolutePath}"));
        }
    }

    // The second OCM is enqueued after the first: when it is Ready, the first was reconciled. The ProviderConfig counts OCMs.
    private async Task NothingIsWrittenAsync()
    {
        await World.ReadyTenantAsync(Other);

        var tenant = ProviderWorld.TenantNamespace(World.Ocm(Other));
        Assert.That(_writes, Has.Some.Contains(tenant));
        Assert.That(
            _writes.Where(write => !write.Contains(tenant, StringComparison.Ordinal)
                && !write.Contains($"/{Other}", StringComparison.Ordinal)
                && !write.EndsWith($"/{World.ProviderName}/status", StringComparison.Ordinal)
                && !write.EndsWith("/events", StringComparison.Ordinal)),
            Is.Empty);
    }
}
