using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Tools.Check;

/// <summary>The built Worker's <c>status</c>.</summary>
[Category("Worker")]
public sealed class StatusTests : ProviderFixture
{

    [SetUp]
    public async Task Start()
    {
        await World.ConfigureAsync();
    }

    [Test]
    public async Task Status_lists_OCMs_in_all_states()
    {
        World.StartController();
        var ready = await World.ReadyTenantAsync();
        await World.ApplyOcmAsync(World.Ocm("misnamed"));
        await World.SeesAsync(World.Ocm("misnamed"), "TenantNamespaceMissing");
        await World.StopControllerAsync();
        await World.ApplyOcmAsync(World.Ocm("new"));

        await using var status = World.StartInspection("status", OnboardingKubeconfig());

        Assert.That(await status.EndAsync(), Is.Zero);
        var lines = status.Output.ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Has.Count.EqualTo(4));
            Assert.That(lines[0], Does.StartWith("NAMESPACE").And.EndWith("MESSAGE"));
            Assert.That(
                lines[1], Does.Match($"^{ready.Namespace} +{ready.Name} +0.3.0 +[0-9a-f]{{10}} +Ready +[0-9]+s +{ProviderWorld.TenantNamespace(ready)} +ReconcileSuccess$"));
            Assert.That(lines[2], Does.Match("misnamed +0.3.0 +- +Progressing .*TenantNamespaceMissing +Namespace .* does not exist "));
            Assert.That(lines[3], Does.Match("new +0.3.0 +- +- +- .*Not reconciled yet"));
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Status_lists_an_OCM_that_exceeds_a_limit_and_does_not_take_its_objects_for_orphans(bool isWatching)
    {
        World.StartController();
        var ready = await World.ReadyTenantAsync();
        await World.StopControllerAsync();
        await World.ApplyOcmAsync(ready, version: new string('1', 5_000));

        await using var status = World.StartInspection("status", [.. isWatching ? ["-w"] : Array.Empty<string>(), OnboardingKubeconfig()]);
        await status.LogsAsync(ready.Name);

        Assert.That(status.Output.Single(line => line.Contains(ready.Name, StringComparison.Ordinal)), Does.Contain("LimitExceeded").And.Contain("spec.version"));
        if (!isWatching)
        {
            Assert.That(await status.EndAsync(), Is.Zero);
        }

        Assert.That(status.Output, Has.None.Contains("Orphaned"));
    }

    [Test]
    public async Task Status_watches_and_writes_each_change_as_one_JSON_line()
    {
        var key = World.Ocm();
        await World.ApplyOcmAsync(key);
        await using var status = World.StartInspection("status", "-w", "-o", "json", OnboardingKubeconfig());
        await status.LogsAsync("Not reconciled yet");

        World.StartController();
        await World.SeesAsync(key, "TenantNamespaceMissing");
        await status.LogsAsync("TenantNamespaceMissing");
        await World.DeleteOcmAsync(key);
        await status.LogsAsync("\"Deleted\"");

        await status.KillAsync();
        Assert.That(status.Output.Select(Name), Is.All.EqualTo(key.Name));
        Assert.That(status.Output, Is.Unique);
    }

    [Test]
    public async Task Status_watches_and_writes_each_change_as_text()
    {
        var key = World.Ocm();
        await using var status = World.StartInspection("status", "-w", OnboardingKubeconfig());
        await status.LogsAsync("NAMESPACE");

        await World.ApplyOcmAsync(key, version: "1.2.3");

        await status.LogsAsync("1.2.3");
    }

    [Test]
    public async Task Status_uses_granted_access_writes_nothing_and_shows_no_secret()
    {
        await GrantAsync();
        await World.ApplyOcmAsync(World.Ocm());
        var marks = (Platform: World.Platform.AuditLog.Mark(), Onboarding: World.Onboarding.AuditLog.Mark());

        await using var status = World.StartInspection("status", "-o", "json");

        Assert.That(await status.EndAsync(), Is.Zero);
        var json = JsonReading.Parse(string.Join('\n', status.Output));
        Assert.That(json.Items("ocms").Single().Text("name"), Is.EqualTo(World.Ocm().Name));
        Assert.That(string.Join('\n', status.Output), Does.Not.Contain(World.Onboarding.User(TestUsers.Provider).Token));
        var seen = await Eventually.Async(
            () => Task.FromResult(World.Onboarding.AuditLog.Since(marks.Onboarding).Where(entry => entry.IsFromProvider()).ToList()),
            seen => seen.Count > 0,
            "the audit log has the list");
        Assert.That(seen.Concat(World.Platform.AuditLog.Since(marks.Platform)).Where(AuditEntries.IsProviderWrite), Is.Empty);
    }

    [Test]
    public async Task Status_uses_granted_access_in_another_Secret()
    {
        var request = await GrantAsync();
        var key = World.Ocm();
        await using var status = World.StartInspection("status", "-w", "-o", "json");
        await World.ApplyOcmAsync(key);
        await status.LogsAsync("Not reconciled yet");

        await World.Platform.Api.ApplyAsync(Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = request.Namespace, ["name"] = "another" },
            ["data"] = new JsonObject { ["kubeconfig"] = Convert.ToBase64String("clusters: text"u8) },
        });
        await World.Platform.Api.UpdateStatusAsync(
            PlatformKinds.AccessRequest, request, new JsonObject { ["secretRef"] = new JsonObject { ["name"] = "another" } });

        await status.LogsAsync("another cannot be used");
        await World.ApplyOcmAsync(key, version: "1.2.3");
        await status.LogsAsync("1.2.3");
    }

    [Test]
    public async Task Status_reports_missing_access_to_the_onboarding_cluster_in_one_line()
    {
        await using var status = World.StartInspection("status");

        Assert.That(await status.EndAsync(), Is.EqualTo(1));
        Assert.That(status.Errors.Single(), Does.Contain("was not requested").And.Contain("--onboarding-kubeconfig"));
        Assert.That(status.Output, Is.Empty);
    }

    [TestCase("status")]
    [TestCase("status", "-w")]
    public async Task Status_reports_a_missing_permission_in_one_line(params string[] command)
    {
        var nobody = World.KubeconfigFile(World.Onboarding, TestUsers.Nobody);
        await using var status = World.StartInspection(command[0], [.. command[1..], $"--onboarding-kubeconfig={nobody}"]);

        Assert.That(await status.EndAsync(), Is.EqualTo(1));
        Assert.That(status.Errors.Single(), Does.Contain("onboarding cluster").And.Contain("forbidden").And.Contain("Grant the missing permission"));
    }

    [Test]
    public async Task Status_needs_only_the_onboarding_cluster_and_reports_that_OCM_is_not_served()
    {
        await using var status = WorkerProcess.Start(
            ["status", $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding)}", "--api-group=other.example.com"],
            new Dictionary<string, string?> { ["POD_NAMESPACE"] = null });

        Assert.That(await status.EndAsync(), Is.EqualTo(1));
        Assert.That(status.Errors.Single(), Does.Contain("ocms.other.example.com").And.Contain("--api-group"));
    }

    private async Task<ObjectKey> GrantAsync()
    {
        var purpose = OnboardingPurpose.Run(Api);
        var request = OnboardingRequests.Key(World.Identity, purpose);
        await World.Platform.Api.ApplyAsync(PlatformKinds.ClusterRequest, OnboardingRequests.ClusterRequest(World.Identity, request), isForced: true, default);
        await World.Platform.Api.ApplyAsync(PlatformKinds.AccessRequest, OnboardingRequests.AccessRequest(World.Identity, purpose, request), isForced: true, default);
        await Eventually.Async(
            async () => AccessGrant.SecretName(await World.Platform.Api.GetAsync(PlatformKinds.AccessRequest, request, default)) is not null,
            "access is granted");
        return request;
    }

    private string OnboardingKubeconfig() => $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding, TestUsers.Provider)}";

    private static string? Name(string line)
    {
        var json = JsonReading.Parse(line);
        return json.Text("name");
    }
}
