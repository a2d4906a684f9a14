using System.Net;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>What is wrong or missing shows on the OCM, and the OCM heals by itself once the cause is gone.</summary>
[Category("RealServer")]
[TestFixtureSource(typeof(ApiGroups), nameof(ApiGroups.All))]
public sealed class FaultTests(ProviderApi api)
{
    private static readonly ResourceKind Definitions = new(
        "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", IsNamespaced: false);

    private ProviderWorld _world = null!;
    private ObjectKey _ocm;

    [SetUp]
    public async Task Start()
    {
        _world = await ProviderWorld.CreateAsync(api);
        _ocm = _world.Ocm();
    }

    [TearDown]
    public async Task Stop()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    [Test]
    public async Task No_ProviderConfig()
    {
        _world.StartController();
        await _world.ControlPlaneAsync(_ocm);
        await _world.ApplyOcmAsync(_ocm);
        await FaultAsync("ProviderConfigMissing", "ProviderConfig \"ocm\"");
        await _world.ConfigureAsync();
        await _world.ReadyAsync(_ocm);
    }

    [Test]
    public async Task A_deleted_ProviderConfig_leaves_the_tenant_as_it_is()
    {
        await RunAsync();
        await _world.ReadyTenantAsync();
        await _world.Platform.Api.DeleteAsync(_world.Api.ProviderConfig, ObjectKey.ClusterScoped(ProviderWorld.ProviderName));
        await FaultAsync("ProviderConfigMissing", "create");
        Assert.That(await _world.Platform.Api.FindAsync(Kinds.HelmRelease, ProviderWorld.FluxKey(_ocm)), Is.Not.Null);
        await _world.ConfigureAsync();
        await _world.ReadyAsync(_ocm);
    }

    [Test]
    public async Task No_tenant_namespace_then_no_ClusterRequest()
    {
        await RunAsync();
        await _world.ApplyOcmAsync(_ocm);
        await FaultAsync("TenantNamespaceMissing", ProviderWorld.TenantNamespace(_ocm));
        await _world.NamespaceAsync(_world.Platform, ProviderWorld.TenantNamespace(_ocm));
        await FaultAsync("ClusterRequestMissing", _ocm.Name);
        Assert.That(await _world.LeftoversAsync(_ocm), Is.Empty);
        await _world.ClusterRequestAsync(_ocm);
        await _world.ReadyAsync(_ocm);
    }

    [Test]
    public async Task Access_pending_then_denied_then_granted()
    {
        _world.ClusterProvider.Behaviour = ClusterProviderBehaviour.Ignore;
        await RunAsync();
        await _world.ControlPlaneAsync(_ocm);
        await _world.ApplyOcmAsync(_ocm);
        await SeesAsync("AccessRequestPending", _world.AccessRequest(_ocm).Name);
        _world.ClusterProvider.Behaviour = ClusterProviderBehaviour.Deny;
        await FaultAsync("AccessRequestDenied", _world.AccessRequest(_ocm).Name);
        _world.ClusterProvider.Behaviour = ClusterProviderBehaviour.Grant;
        await _world.ReadyAsync(_ocm);
    }

    [Test]
    public async Task An_AccessRequest_of_somebody_else()
    {
        await RunAsync();
        await _world.ControlPlaneAsync(_ocm);
        var key = _world.AccessRequest(_ocm);
        var theirs = await _world.Platform.Api.ApplyAsync(Kinds.AccessRequest, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["namespace"] = key.Namespace,
                ["name"] = key.Name,
                ["labels"] = new JsonObject { ["openmcp.cloud/managed-by"] = "somebody-else" },
            },
            ["spec"] = new JsonObject
            {
                ["requestRef"] = new JsonObject { ["name"] = "other", ["namespace"] = "other" },
                ["token"] = new JsonObject { ["permissions"] = new JsonArray() },
            },
        });
        await _world.ApplyOcmAsync(_ocm);
        await FaultAsync("AccessRequestNotOurs", key.Name);
        var after = await _world.Platform.Api.GetAsync(Kinds.AccessRequest, key, default);
        Assert.That(after.ResourceVersion, Is.EqualTo(theirs.ResourceVersion));
        await _world.Platform.Api.DeleteAsync(Kinds.AccessRequest, key);
        await _world.ReadyAsync(_ocm);
    }

    [Test]
    public async Task Pull_secret_missing_then_of_the_wrong_type()
    {
        await RunAsync(new JsonObject { ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName } });
        await _world.ControlPlaneAsync(_ocm);
        await _world.ApplyOcmAsync(_ocm);
        await FaultAsync("ImagePullSecretMissing", $"{ProviderWorld.PodNamespace}/{ProviderWorld.PullSecretName}");
        await _world.PullSecretAsync("hush-hush", type: "Opaque");
        var fault = await FaultAsync("ImagePullSecretWrongType", "kubernetes.io/dockerconfigjson");
        Assert.That(fault.Json.GetRawText(), Does.Not.Contain("hush-hush"));
        await _world.Platform.Api.DeleteAsync(Kinds.Secret, new ObjectKey(ProviderWorld.PodNamespace, ProviderWorld.PullSecretName));
        await _world.PullSecretAsync();
        await _world.ReadyAsync(_ocm);
    }

    [TestCase("1.0.0+build", "'_'")]
    [TestCase("not a tag", "not a valid OCI tag")]
    public async Task A_version_that_is_no_tag(string version, string hint)
    {
        await RunAsync();
        await _world.ControlPlaneAsync(_ocm);
        await _world.ApplyOcmAsync(_ocm, version);
        await FaultAsync("InvalidVersion", hint);
        Assert.That(await _world.LeftoversAsync(_ocm), Is.Empty);
        await _world.ApplyOcmAsync(_ocm, "1.0.0");
        await _world.ReadyAsync(_ocm);
    }

    [Test]
    public async Task A_chart_URL_that_is_none()
    {
        await RunAsync(new JsonObject { ["chartURL"] = "https://example.com/charts" });
        await _world.ControlPlaneAsync(_ocm);
        await _world.ApplyOcmAsync(_ocm);
        await FaultAsync("InvalidChartURL", "https://example.com/charts");
        await _world.ConfigureAsync();
        await _world.ReadyAsync(_ocm);
    }

    [Test]
    public async Task No_Flux()
    {
        var definition = ObjectKey.ClusterScoped(Kinds.HelmRelease.QualifiedPlural);
        await _world.Platform.Api.DeleteAsync(Definitions, definition);
        await Eventually.Async(async () => await _world.Platform.Api.FindAsync(Definitions, definition) is null, "the CRD is gone");
        await RunAsync();
        await _world.ControlPlaneAsync(_ocm);
        await _world.ApplyOcmAsync(_ocm);
        await FaultAsync("FluxNotInstalled", "helmreleases.helm.toolkit.fluxcd.io");
        await _world.Platform.InstallCrdsAsync("helmreleases");
        await _world.ReadyAsync(_ocm);
    }

    [TestCase(HttpStatusCode.Forbidden, "Forbidden", "PlatformForbidden")]
    [TestCase(HttpStatusCode.Conflict, "Conflict", "PlatformConflict")]
    [TestCase(HttpStatusCode.UnprocessableEntity, "Invalid", "PlatformRejected")]
    [TestCase(HttpStatusCode.TooManyRequests, "TooManyRequests", "PlatformUnavailable")]
    [TestCase(HttpStatusCode.InternalServerError, "InternalError", "PlatformUnavailable")]
    public async Task A_platform_that_refuses_one_tenant_does_not_hold_up_another(HttpStatusCode code, string status, string reason)
    {
        await RunAsync();
        await _world.ControlPlaneAsync(_ocm);
        var marked = ProviderWorld.TenantNamespace(_ocm);
        _world.PlatformFaults.Answer(
            code, status, request => request.Method == HttpMethod.Patch && request.RequestUri!.AbsolutePath.Contains(marked, StringComparison.Ordinal));
        await _world.ApplyOcmAsync(_ocm);
        await FaultAsync(reason, "made to fail by the test");
        await _world.ReadyTenantAsync("other");
        _world.PlatformFaults.Clear();
        await _world.ReadyAsync(_ocm);
    }

    [TestCase(HttpStatusCode.Forbidden)]
    [TestCase(HttpStatusCode.Conflict)]
    [TestCase(HttpStatusCode.TooManyRequests)]
    [TestCase(HttpStatusCode.InternalServerError)]
    public async Task An_onboarding_cluster_that_refuses_writes_is_written_to_later(HttpStatusCode code)
    {
        await RunAsync();
        await _world.ControlPlaneAsync(_ocm);
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _world.OnboardingFaults.Answer(code, code.ToString(), request =>
        {
            var isWrite = request.Method == HttpMethod.Patch;
            if (isWrite)
            {
                refused.TrySetResult();
            }

            return isWrite;
        });
        await _world.ApplyOcmAsync(_ocm);
        await refused.Task.WaitAsync(TimeSpan.FromSeconds(30));
        _world.OnboardingFaults.Clear();
        await _world.ReadyAsync(_ocm);
    }

    [Test]
    public async Task A_platform_that_may_not_be_read()
    {
        _world.PlatformFaults.Answer(
            HttpStatusCode.Forbidden,
            "Forbidden",
            request => request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.EndsWith("/helmreleases", StringComparison.Ordinal));
        await RunAsync();
        await _world.ControlPlaneAsync(_ocm);
        await _world.ApplyOcmAsync(_ocm);
        await FaultAsync("PlatformForbidden", "helmreleases");
        _world.PlatformFaults.Clear();
        await _world.ReadyAsync(_ocm);
    }

    [Test]
    public async Task A_platform_that_is_down()
    {
        await RunAsync();
        await _world.ReadyTenantAsync();
        await _world.Platform.StopAsync();
        try
        {
            await FaultAsync("PlatformUnavailable", "Platform cluster");
        }
        finally
        {
            await _world.Platform.StartAsync(default);
        }

        await _world.ReadyAsync(_ocm);
        await _world.ReadyTenantAsync("after");
    }

    [Test]
    public async Task An_onboarding_cluster_that_was_down()
    {
        await RunAsync();
        await _world.ReadyTenantAsync();
        await _world.Onboarding.StopAsync();
        await _world.Platform.Api.DeleteAsync(Kinds.HelmRelease, ProviderWorld.FluxKey(_ocm));
        await _world.Onboarding.StartAsync(default);
        await _world.ApplyOcmAsync(_ocm, "0.5.0");
        await _world.ReadyAsync(_ocm);
        await _world.ReadyTenantAsync("after");
    }

    [Test]
    public async Task Ignore_means_hands_off_and_reconcile_fires_once()
    {
        await RunAsync();
        await _world.ReadyTenantAsync();
        await AnnotateAsync("ignore");
        await _world.ReadyTenantAsync("fence-1");
        await _world.Platform.Api.DeleteAsync(Kinds.HelmRelease, ProviderWorld.FluxKey(_ocm));
        await _world.ReadyTenantAsync("fence-2");
        Assert.That(await _world.Platform.Api.FindAsync(Kinds.HelmRelease, ProviderWorld.FluxKey(_ocm)), Is.Null);

        var mark = _world.Platform.AuditLog.Mark();
        await AnnotateAsync("reconcile");
        await Eventually.Async(
            () => _world.Onboarding.Api.GetAsync(_world.Api.Ocm, _ocm, default), ocm => ocm.Annotations.Count == 0, "the annotation is gone");
        await _world.ReadyAsync(_ocm);
        await Eventually.Async(
            () => _world.Platform.AuditLog.Since(mark).Count(entry => entry.IsWriteOfOurs() && entry.Resource == "ocirepositories") == 1,
            "even what did not differ was applied, once");
    }

    private Task AnnotateAsync(string? operation) => _world.Onboarding.Api.MergePatchAsync(_world.Api.Ocm, _ocm, new JsonObject
    {
        ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Core.Planning.Operation.Annotation] = operation } },
    });

    private async Task RunAsync(JsonObject? spec = null)
    {
        await _world.ConfigureAsync(spec);
        _world.StartController();
    }

    private async Task<KubeObject> SeesAsync(string reason, string mentioned)
    {
        var ocm = await _world.SeesAsync(_ocm, reason);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ProviderWorld.Ready(ocm, "message"), Does.Contain(mentioned));
            Assert.That(ProviderWorld.Ready(ocm, "status"), Is.EqualTo("False"));
            Assert.That(ocm.Json.Text("status", "phase"), Is.EqualTo("Progressing"));
        }

        return ocm;
    }

    private async Task<KubeObject> FaultAsync(string reason, string mentioned)
    {
        var ocm = await SeesAsync(reason, mentioned);
        var told = await _world.EventAsync(_ocm, reason);
        Assert.That(told.Json.Text("type"), Is.EqualTo("Warning"));
        return ocm;
    }
}
