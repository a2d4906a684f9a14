using System.Net;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Errors are reported in the status of the OCM, and the OCM recovers once the cause is fixed.</summary>
public sealed class FaultTests : ProviderFixture
{
    private static readonly ResourceKind Definitions = new(
        "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", IsNamespaced: false);

    [Test]
    public async Task A_missing_ProviderConfig_is_reported_until_it_is_created()
    {
        World.StartController();
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm);
        await FaultAsync("ProviderConfigMissing", "ProviderConfig \"ocm\"");
        await World.ConfigureAsync();
        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task A_deleted_ProviderConfig_leaves_the_installation_unchanged()
    {
        await RunAsync();
        await World.ReadyTenantAsync();
        await World.Platform.Api.DeleteAsync(Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName));
        await FaultAsync("ProviderConfigMissing", "create");
        Assert.That(await World.Platform.Api.FindAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(Ocm)), Is.Not.Null);
        await World.ConfigureAsync();
        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task A_missing_tenant_namespace_and_ClusterRequest_are_reported_until_they_exist()
    {
        await RunAsync();
        await World.ApplyOcmAsync(Ocm);
        await FaultAsync("TenantNamespaceMissing", ProviderWorld.TenantNamespace(Ocm));
        await World.NamespaceAsync(World.Platform, ProviderWorld.TenantNamespace(Ocm));
        await FaultAsync("ClusterRequestMissing", Ocm.Name);
        Assert.That(await World.LeftoversAsync(Ocm), Is.Empty);
        await World.ClusterRequestAsync(Ocm);
        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task Pending_and_denied_access_is_reported_until_it_is_granted()
    {
        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Ignore;
        await RunAsync();
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm);
        await SeesAsync("AccessRequestPending", World.AccessRequest(Ocm).Name);
        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Deny;
        await FaultAsync("AccessRequestDenied", World.AccessRequest(Ocm).Name);
        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Grant;
        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task An_AccessRequest_of_another_component_is_reported_and_not_modified()
    {
        await RunAsync();
        await World.ControlPlaneAsync(Ocm);
        var key = World.AccessRequest(Ocm);
        var theirs = await World.Platform.Api.ApplyAsync(PlatformKinds.AccessRequest, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["namespace"] = key.Namespace,
                ["name"] = key.Name,
                ["labels"] = new JsonObject { ["openmcp.cloud/managed-by"] = "another-component" },
            },
            ["spec"] = new JsonObject
            {
                ["requestRef"] = new JsonObject { ["name"] = "other", ["namespace"] = "other" },
                ["token"] = new JsonObject { ["permissions"] = new JsonArray() },
            },
        });
        await World.ApplyOcmAsync(Ocm);
        await FaultAsync("AccessRequestNotOurs", key.Name);
        var after = await World.Platform.Api.GetAsync(PlatformKinds.AccessRequest, key, default);
        Assert.That(after.ResourceVersion, Is.EqualTo(theirs.ResourceVersion));
        await World.Platform.Api.DeleteAsync(PlatformKinds.AccessRequest, key);
        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task A_missing_pull_secret_and_one_of_the_wrong_type_are_reported_until_fixed()
    {
        await RunAsync(new JsonObject { ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName } });
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm);
        await FaultAsync("ImagePullSecretMissing", $"{World.PodNamespace}/{ProviderWorld.PullSecretName}");
        await World.PullSecretAsync("hush-hush", type: "Opaque");
        var fault = await FaultAsync("ImagePullSecretWrongType", "kubernetes.io/dockerconfigjson");
        Assert.That(fault.Json.GetRawText(), Does.Not.Contain("hush-hush"));
        await World.Platform.Api.DeleteAsync(Kinds.Secret, new ObjectKey(World.PodNamespace, ProviderWorld.PullSecretName));
        await World.PullSecretAsync();
        await World.ReadyAsync(Ocm);
    }

    [TestCase("1.0.0+build", "'_'")]
    [TestCase("not a tag", "not a valid OCI tag")]
    public async Task A_version_that_is_no_OCI_tag_is_reported_and_nothing_is_created(string version, string hint)
    {
        await RunAsync();
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm, version);
        await FaultAsync("InvalidVersion", hint);
        Assert.That(await World.LeftoversAsync(Ocm), Is.Empty);
        await World.ApplyOcmAsync(Ocm, "1.0.0");
        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task An_invalid_chart_URL_is_reported_until_it_is_fixed()
    {
        await RunAsync(new JsonObject { ["chartURL"] = "https://example.com/charts" });
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm);
        await FaultAsync("InvalidChartURL", "https://example.com/charts");
        await World.ConfigureAsync();
        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task Missing_Flux_is_reported_until_it_is_installed()
    {
        var definition = ObjectKey.ClusterScoped(PlatformKinds.HelmRelease.QualifiedPlural);
        await World.Platform.Api.DeleteAsync(Definitions, definition);
        await Eventually.Async(async () => await World.Platform.Api.FindAsync(Definitions, definition) is null, "the CRD is gone");
        await RunAsync();
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm);
        await FaultAsync("FluxNotInstalled", "helmreleases.helm.toolkit.fluxcd.io");
        await World.Platform.InstallCrdsAsync("helmreleases");
        await World.ReadyAsync(Ocm);
    }

    [TestCase(HttpStatusCode.Forbidden, "Forbidden", "PlatformForbidden")]
    [TestCase(HttpStatusCode.Conflict, "Conflict", "PlatformConflict")]
    [TestCase(HttpStatusCode.UnprocessableEntity, "Invalid", "PlatformRejected")]
    [TestCase(HttpStatusCode.TooManyRequests, "TooManyRequests", "PlatformUnavailable")]
    [TestCase(HttpStatusCode.InternalServerError, "InternalError", "PlatformUnavailable")]
    public async Task Failed_platform_writes_of_one_tenant_do_not_block_another(HttpStatusCode code, string status, string reason)
    {
        await RunAsync();
        await World.ControlPlaneAsync(Ocm);
        var marked = ProviderWorld.TenantNamespace(Ocm);
        World.PlatformFaults.Answer(
            code, status, request => request.Method == HttpMethod.Patch && request.RequestUri!.AbsolutePath.Contains(marked, StringComparison.Ordinal));
        await World.ApplyOcmAsync(Ocm);
        await FaultAsync(reason, "made to fail by the test");
        await World.ReadyTenantAsync("other");
        World.PlatformFaults.Clear();
        await World.ReadyAsync(Ocm);
    }

    [TestCase(HttpStatusCode.Forbidden)]
    [TestCase(HttpStatusCode.Conflict)]
    [TestCase(HttpStatusCode.TooManyRequests)]
    [TestCase(HttpStatusCode.InternalServerError)]
    public async Task Failed_onboarding_writes_are_retried(HttpStatusCode code)
    {
        await RunAsync();
        await World.ControlPlaneAsync(Ocm);
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        World.OnboardingFaults.Answer(code, code.ToString(), request =>
        {
            var isWrite = request.Method == HttpMethod.Patch;
            if (isWrite)
            {
                refused.TrySetResult();
            }

            return isWrite;
        });
        await World.ApplyOcmAsync(Ocm);
        await refused.Task.WaitAsync(TimeSpan.FromSeconds(30));
        World.OnboardingFaults.Clear();
        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task A_forbidden_platform_read_is_reported_until_it_is_allowed()
    {
        World.PlatformFaults.Answer(
            HttpStatusCode.Forbidden,
            "Forbidden",
            request => request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.EndsWith("/helmreleases", StringComparison.Ordinal));
        await RunAsync();
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm);
        await FaultAsync("PlatformForbidden", "helmreleases");
        World.PlatformFaults.Clear();
        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task An_unavailable_platform_is_reported_until_it_answers()
    {
        await RunAsync();
        await World.ReadyTenantAsync();
        await World.Platform.StopAsync();
        try
        {
            await FaultAsync("PlatformUnavailable", "Platform cluster");
        }
        finally
        {
            await World.Platform.StartAsync(default);
        }

        await World.ReadyAsync(Ocm);
        await World.ReadyTenantAsync("after");
    }

    [Test]
    public async Task Work_continues_after_an_outage_of_the_onboarding_cluster()
    {
        await RunAsync();
        await World.ReadyTenantAsync();
        await World.Onboarding.StopAsync();
        await World.Platform.Api.DeleteAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(Ocm));
        await World.Onboarding.StartAsync(default);
        await World.ApplyOcmAsync(Ocm, "0.5.0");
        await World.ReadyAsync(Ocm);
        await World.ReadyTenantAsync("after");
    }

    [Test]
    public async Task An_ignored_OCM_is_not_reconciled_and_the_reconcile_annotation_applies_once()
    {
        await RunAsync();
        await World.ReadyTenantAsync();
        await AnnotateAsync("ignore");
        await World.ReadyTenantAsync("fence-1");
        await World.Platform.Api.DeleteAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(Ocm));
        await World.ReadyTenantAsync("fence-2");
        Assert.That(await World.Platform.Api.FindAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(Ocm)), Is.Null);

        var mark = World.Platform.AuditLog.Mark();
        await AnnotateAsync("reconcile");
        await Eventually.Async(
            () => World.Onboarding.Api.GetAsync(Api.Ocm, Ocm, default), ocm => ocm.Annotations.Count == 0, "the annotation is gone");
        await World.ReadyAsync(Ocm);
        await Eventually.Async(
            () => World.Platform.AuditLog.Since(mark).Count(entry => entry.IsProviderWrite() && entry.Resource == "ocirepositories") == 1,
            "even what did not differ was applied, once");
    }

    private Task AnnotateAsync(string? operation) => World.Onboarding.Api.MergePatchAsync(Api.Ocm, Ocm, new JsonObject
    {
        ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Core.Model.Api.Operation.Annotation] = operation } },
    });

    private async Task RunAsync(JsonObject? spec = null)
    {
        await World.ConfigureAsync(spec);
        World.StartController();
    }

    private async Task<KubeObject> SeesAsync(string reason, string mentioned)
    {
        var ocm = await World.SeesAsync(Ocm, reason);
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
        var written = await World.EventAsync(Ocm, reason);
        Assert.That(written.Json.Text("type"), Is.EqualTo("Warning"));
        return ocm;
    }
}
