using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Core.Tools.Check;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Tools.Check;

/// <summary>The built Worker's <c>check</c>, against clusters in all kinds of states.</summary>
[Category("Worker")]
public sealed class CheckTests : ProviderFixture
{
    [Test]
    public async Task Check_passes_with_the_permissions_of_deploy_and_writes_nothing()
    {
        await World.PullSecretAsync(password: "not-to-be-shown");
        await World.ConfigureAsync(new JsonObject { ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName } });
        await GrantAsync(OnboardingPurpose.Run(Api));
        await GrantAsync(OnboardingPurpose.Init);
        var marks = (World.Platform.AuditLog.Mark(), World.Onboarding.AuditLog.Mark());

        await using var check = World.StartInspection("check", "--metrics-bind-address=:8443");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await check.EndAsync(), Is.Zero);
            Assert.That(check.Errors, Is.Empty);
            Assert.That(check.Output.Last(), Does.EndWith("checks: all passed."));
            Assert.That(check.Output, Has.Some.Match($"^ok   platform cluster: Kubernetes v.* at {World.Platform.Url}$"));
            Assert.That(check.Output, Has.Some.StartsWith($"ok   onboarding definition {Api.Ocm.QualifiedPlural}"));
            Assert.That(
                check.Output, Has.Some.EqualTo("ok   platform kind ocirepositories.source.toolkit.fluxcd.io: OCIRepository is served as v1."));
            Assert.That(check.Output, Has.None.Contains("not-to-be-shown"));
            Assert.That(check.Output, Has.None.Contains(World.Onboarding.User(TestUsers.Provider).Token));
            Assert.That(await WritesAsync(World.Platform, marks.Item1), Is.All.EqualTo("selfsubjectaccessreviews"));
            Assert.That(await WritesAsync(World.Onboarding, marks.Item2), Is.All.EqualTo("selfsubjectaccessreviews"));
        }
    }

    [Test]
    public async Task Check_warns_about_a_missing_ProviderConfig()
    {
        var results = await FindAsync(expectedCode: 0, OnboardingKubeconfig());

        Assert.That(NotOk(results), Is.EqualTo("ProviderConfig"));
        Assert.That(results["ProviderConfig"].Status, Is.EqualTo("warning"));
    }

    [Test]
    public async Task Check_reports_missing_Flux_and_the_fix()
    {
        await World.ConfigureAsync();
        var definition = ObjectKey.ClusterScoped(PlatformKinds.HelmRelease.QualifiedPlural);
        await World.Platform.Api.DeleteAsync(Kinds.CustomResourceDefinition, definition);
        try
        {
            await Eventually.Async(
                async () => await World.Platform.Api.FindAsync(Kinds.CustomResourceDefinition, definition) is null, "Flux is gone");

            var results = await EventuallyAsync(1, found => NotOk(found) == $"platform kind {PlatformKinds.HelmRelease.QualifiedPlural}");

            Assert.That(results[$"platform kind {PlatformKinds.HelmRelease.QualifiedPlural}"].Fix, Does.Contain("Install Flux"));
        }
        finally
        {
            await World.Platform.InstallCrdsAsync("helmreleases");
        }
    }

    [Test]
    public async Task Check_names_each_missing_permission()
    {
        var nobody = TestUsers.Nobody;
        var results = await FindAsync(
            expectedCode: 1,
            $"--kubeconfig={World.KubeconfigFile(World.Platform, nobody)}",
            $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding, nobody)}",
            "--leader-elect");

        IEnumerable<(string Label, RequiredPermission Needed)> expected =
        [
            .. RequiredPermissions.OnPlatform(World.Identity).Concat(RequiredPermissions.ForLeaderElection(World.Identity)).Select(needed => ("platform", needed)),
            .. RequiredPermissions.OnOnboarding(Api).Select(needed => ("onboarding", needed)),
        ];
        using (Assert.EnterMultipleScope())
        {
            foreach (var (label, needed) in expected)
            {
                var result = results[$"{label} permission {needed.Subject}"];
                Assert.That(result.Status, Is.EqualTo("failed"), needed.Subject);
                Assert.That(result.Message, Does.Contain($": {string.Join(", ", needed.Rule.Verbs)} {needed.Subject}."));
                Assert.That(result.Fix, Is.Not.Empty);
            }

            Assert.That(results["platform cluster"].Status, Is.EqualTo("ok"));
            Assert.That(results[$"onboarding definition {Api.Ocm.QualifiedPlural}"].Status, Is.EqualTo("warning"));
            Assert.That(results["ProviderConfig"].Status, Is.EqualTo("failed"));
            Assert.That(results["CA bundle"].Status, Is.EqualTo("skipped"));
        }
    }

    [Test]
    public async Task Check_reports_a_definition_of_an_older_release()
    {
        await World.ConfigureAsync();
        var older = JsonObject.Create(Definition(Api.Ocm.QualifiedPlural).Json)!;
        older["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["status"]!["properties"]!.AsObject().Remove("resources");
        await World.Onboarding.Api.ApplyAsync(Kinds.CustomResourceDefinition, older);
        try
        {
            var results = await FindAsync(expectedCode: 1, OnboardingKubeconfig());

            Assert.That(NotOk(results), Is.EqualTo($"onboarding definition {Api.Ocm.QualifiedPlural}"));
            Assert.That(results[NotOk(results)].Message, Does.Contain("differs from this release").And.Contain("status.properties.resources"));
        }
        finally
        {
            await World.Onboarding.InstallCrdsAsync([JsonObject.Create(Definition(Api.Ocm.QualifiedPlural).Json)!]);
        }
    }

    [Test]
    public async Task Check_reports_invalid_and_missing_pull_secrets_and_an_invalid_CA_bundle()
    {
        await World.PullSecretAsync(password: "not-to-be-shown", type: "Opaque", name: "opaque");
        await World.CaBundleAsync("no certificate, not-to-be-shown");
        await World.ConfigureAsync(new JsonObject
        {
            ["imagePullSecret"] = new JsonObject { ["name"] = "missing" },
            ["values"] = JsonNode.Parse("""{ "manager": { "imagePullSecrets": [{ "name": "opaque" }] } }"""),
            ["caBundleRef"] = new JsonObject { ["name"] = ProviderWorld.CaBundleName, ["key"] = "ca.crt" },
        });

        var results = await FindAsync(expectedCode: 1, OnboardingKubeconfig());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(NotOk(results), Is.EqualTo("image pull secrets, CA bundle"));
            Assert.That(results["image pull secrets"].Message, Does.Contain("Secret provider-system/missing does not exist").And.Contain("type Opaque"));
            Assert.That(results["CA bundle"].Message, Does.Contain("no PEM certificate"));
            Assert.That(results.Values.Select(result => result.Message), Has.None.Contains("not-to-be-shown"));
        }
    }

    [Test]
    public async Task Check_warns_about_missing_access_to_the_onboarding_cluster_and_does_not_request_it()
    {
        await World.ConfigureAsync();

        var results = await FindAsync(expectedCode: 0);

        Assert.That(results["onboarding cluster"].Status, Is.EqualTo("warning"));
        Assert.That(results["onboarding cluster"].Message, Does.Contain($"{Api.Group}--onboarding-run"));
        Assert.That(results["onboarding cluster"].Fix, Does.Contain("--onboarding-kubeconfig"));
        Assert.That(results[$"onboarding definition {Api.Ocm.QualifiedPlural}"].Status, Is.EqualTo("skipped"));
        Assert.That(await World.Platform.Api.ListAllAsync(PlatformKinds.ClusterRequest), Is.Empty);
    }

    [Test]
    public async Task Check_fails_on_denied_access_to_the_onboarding_cluster()
    {
        await World.ConfigureAsync();
        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Deny;
        var key = await RequestAsync(OnboardingPurpose.Run(Api));
        await Eventually.Async(
            async () => AccessGrant.IsDenied(await World.Platform.Api.GetAsync(PlatformKinds.AccessRequest, key, default)), "access is denied");

        var results = await FindAsync(expectedCode: 1);

        Assert.That(results["onboarding cluster"].Message, Does.Contain("denied"));
    }

    [Test]
    public async Task Check_fails_on_an_unreachable_platform_and_skips_the_rest()
    {
        var kubeconfig = World.KubeconfigFile(World.Platform, TestUsers.Nobody);
        await File.WriteAllTextAsync(
            kubeconfig,
            (await File.ReadAllTextAsync(kubeconfig)).Replace(
                World.Platform.Url.GetLeftPart(UriPartial.Authority), $"https://127.0.0.1:{LoopbackPort.Free()}", StringComparison.Ordinal));

        var results = await FindAsync(expectedCode: 1, $"--kubeconfig={kubeconfig}");

        Assert.That(results.Where(result => result.Value.Status == "failed").Select(result => result.Key).Single(), Is.EqualTo("platform cluster"));
        Assert.That(results.Values.Count(result => result.Status == "skipped"), Is.EqualTo(results.Count - 1));
        Assert.That(results["platform cluster"].Fix, Does.Contain("reachable"));
    }

    [Test]
    public async Task Check_names_the_leader()
    {
        await World.ConfigureAsync();
        await using var leader = World.StartReplica("replica-1", "--leader-elect", OnboardingKubeconfig());
        await leader.LogsAsync("Controller started");

        var results = await FindAsync(expectedCode: 0, OnboardingKubeconfig(), "--leader-elect");

        Assert.That(results["Lease"].Message, Does.StartWith("replica-1_").And.Contain(" has led since 20"));
    }

    private string OnboardingKubeconfig() => $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding)}";

    private KubeObject Definition(string name) => ProviderCrds.Of(Api).Single(definition => definition.Name == name);

    private async Task GrantAsync(OnboardingPurpose purpose)
    {
        var key = await RequestAsync(purpose);
        await Eventually.Async(
            async () => AccessGrant.SecretName(await World.Platform.Api.GetAsync(PlatformKinds.AccessRequest, key, default)) is not null,
            "access is granted");
    }

    private async Task<ObjectKey> RequestAsync(OnboardingPurpose purpose)
    {
        var key = OnboardingRequests.Key(World.Identity, purpose);
        await World.Platform.Api.ApplyAsync(PlatformKinds.ClusterRequest, OnboardingRequests.ClusterRequest(World.Identity, key), isForced: true, default);
        await World.Platform.Api.ApplyAsync(PlatformKinds.AccessRequest, OnboardingRequests.AccessRequest(World.Identity, purpose, key), isForced: true, default);
        return key;
    }

    // A server serves a deleted kind for a moment.
    private Task<Dictionary<string, Found>> EventuallyAsync(int expectedCode, Func<Dictionary<string, Found>, bool> isExpected) =>
        Eventually.Async(() => FindAsync(expectedCode, OnboardingKubeconfig()), isExpected, "check finds it");

    private async Task<Dictionary<string, Found>> FindAsync(int expectedCode, params string[] arguments)
    {
        await using var check = World.StartInspection("check", ["-o", "json", .. arguments]);
        var code = await check.EndAsync();
        Assert.That((code, string.Join('\n', check.Errors)), Is.EqualTo((expectedCode, "")));
        var json = JsonReading.Parse(string.Join('\n', check.Output));
        return json.EnumerateArray().ToDictionary(
            result => result.Text("name")!,
            result => new Found(result.Text("status")!, result.Text("message")!, result.Text("fix")));
    }

    private static string NotOk(Dictionary<string, Found> results) =>
        string.Join(", ", results.Where(result => result.Value.Status != "ok").Select(result => result.Key));

    // Writes of others, such as the stand-ins', do not count. The audit log lags behind a little.
    private static async Task<IReadOnlyList<string>> WritesAsync(TestCluster cluster, long mark)
    {
        var seen = await Eventually.Async(
            () => Task.FromResult(cluster.AuditLog.Since(mark).Where(entry => entry.IsProviderWrite()).ToList()),
            seen => seen.Count > 0,
            "the audit log has the reviews");
        return [.. seen.Select(entry => entry.Resource)];
    }

    private sealed record Found(string Status, string Message, string? Fix);
}
