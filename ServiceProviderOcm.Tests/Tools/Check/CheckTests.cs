using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Core.Tools.Check;
using ServiceProviderOcm.Tests.Provider;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Tools.Check;

/// <summary>The built Worker's <c>check</c>, against clusters in all kinds of states.</summary>
[Category("Worker")]
[TestFixtureSource(typeof(ApiGroups), nameof(ApiGroups.All))]
public sealed class CheckTests(ProviderApi api) : ProviderFixture(api)
{
    private readonly Identity _identity = new(api, ProviderWorld.ProviderName, ProviderWorld.PodNamespace);

    [Test]
    public async Task All_is_well_with_the_deployed_roles_and_granted_access_and_nothing_is_written()
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
            Assert.That(check.Output.Last(), Does.EndWith("checks: all is well."));
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
    public async Task Without_a_ProviderConfig_there_is_a_warning_and_no_failure()
    {
        var findings = await FindAsync(expectedCode: 0, OnboardingKubeconfig());

        Assert.That(NotOk(findings), Is.EqualTo("ProviderConfig"));
        Assert.That(findings["ProviderConfig"].Status, Is.EqualTo("warning"));
    }

    [Test]
    public async Task Missing_Flux_is_named_with_its_cure()
    {
        await World.ConfigureAsync();
        var definition = ObjectKey.ClusterScoped(Kinds.HelmRelease.QualifiedPlural);
        await World.Platform.Api.DeleteAsync(Kinds.CustomResourceDefinition, definition);
        try
        {
            await Eventually.Async(
                async () => await World.Platform.Api.FindAsync(Kinds.CustomResourceDefinition, definition) is null, "Flux is gone");

            var findings = await EventuallyAsync(1, found => NotOk(found) == $"platform kind {Kinds.HelmRelease.QualifiedPlural}");

            Assert.That(findings[$"platform kind {Kinds.HelmRelease.QualifiedPlural}"].Cure, Does.Contain("Install Flux"));
        }
        finally
        {
            await World.Platform.InstallCrdsAsync("helmreleases");
        }
    }

    [Test]
    public async Task Each_missing_permission_is_named()
    {
        var nobody = TestUsers.Nobody;
        var findings = await FindAsync(
            expectedCode: 1,
            $"--kubeconfig={World.KubeconfigFile(World.Platform, nobody)}",
            $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding, nobody)}",
            "--leader-elect");

        IEnumerable<(string Label, NeededPermission Needed)> expected =
        [
            .. NeededPermissions.OnPlatform(_identity).Concat(NeededPermissions.ForLeaderElection(_identity)).Select(needed => ("platform", needed)),
            .. NeededPermissions.OnOnboarding(Api).Select(needed => ("onboarding", needed)),
        ];
        using (Assert.EnterMultipleScope())
        {
            foreach (var (label, needed) in expected)
            {
                var finding = findings[$"{label} permission {needed.Subject}"];
                Assert.That(finding.Status, Is.EqualTo("failed"), needed.Subject);
                Assert.That(finding.Message, Does.Contain($"May not {string.Join(", ", needed.Rule.Verbs)} {needed.Subject}"));
                Assert.That(finding.Cure, Is.Not.Empty);
            }

            Assert.That(findings["platform cluster"].Status, Is.EqualTo("ok"));
            Assert.That(findings[$"onboarding definition {Api.Ocm.QualifiedPlural}"].Status, Is.EqualTo("warning"));
            Assert.That(findings["ProviderConfig"].Status, Is.EqualTo("failed"));
            Assert.That(findings["CA bundle"].Status, Is.EqualTo("skipped"));
        }
    }

    [Test]
    public async Task A_definition_of_an_older_release_is_found()
    {
        await World.ConfigureAsync();
        var older = JsonObject.Create(Definition(Api.Ocm.QualifiedPlural).Json)!;
        older["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["status"]!["properties"]!.AsObject().Remove("resources");
        await World.Onboarding.Api.ApplyAsync(Kinds.CustomResourceDefinition, older);
        try
        {
            var findings = await FindAsync(expectedCode: 1, OnboardingKubeconfig());

            Assert.That(NotOk(findings), Is.EqualTo($"onboarding definition {Api.Ocm.QualifiedPlural}"));
            Assert.That(findings[NotOk(findings)].Message, Does.Contain("older than this release").And.Contain("status.properties.resources"));
        }
        finally
        {
            await World.Onboarding.InstallCrdsAsync([JsonObject.Create(Definition(Api.Ocm.QualifiedPlural).Json)!]);
        }
    }

    [Test]
    public async Task A_wrong_pull_secret_a_missing_one_and_a_broken_CA_bundle_are_found()
    {
        await World.PullSecretAsync(password: "not-to-be-shown", type: "Opaque", name: "opaque");
        await World.CaBundleAsync("no certificate, not-to-be-shown");
        await World.ConfigureAsync(new JsonObject
        {
            ["imagePullSecret"] = new JsonObject { ["name"] = "missing" },
            ["values"] = JsonNode.Parse("""{ "manager": { "imagePullSecrets": [{ "name": "opaque" }] } }"""),
            ["caBundleRef"] = new JsonObject { ["name"] = ProviderWorld.CaBundleName, ["key"] = "ca.crt" },
        });

        var findings = await FindAsync(expectedCode: 1, OnboardingKubeconfig());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(NotOk(findings), Is.EqualTo("image pull secrets, CA bundle"));
            Assert.That(findings["image pull secrets"].Message, Does.Contain("no Secret provider-system/missing").And.Contain("type Opaque"));
            Assert.That(findings["CA bundle"].Message, Does.Contain("no PEM certificate"));
            Assert.That(findings.Values.Select(finding => finding.Message), Has.None.Contains("not-to-be-shown"));
        }
    }

    [Test]
    public async Task Without_access_to_the_onboarding_cluster_yet_that_is_said_and_nothing_is_asked_for()
    {
        await World.ConfigureAsync();

        var findings = await FindAsync(expectedCode: 0);

        Assert.That(findings["onboarding cluster"].Status, Is.EqualTo("warning"));
        Assert.That(findings["onboarding cluster"].Message, Does.Contain($"{Api.Group}--onboarding-run"));
        Assert.That(findings["onboarding cluster"].Cure, Does.Contain("--onboarding-kubeconfig"));
        Assert.That(findings[$"onboarding definition {Api.Ocm.QualifiedPlural}"].Status, Is.EqualTo("skipped"));
        Assert.That(await World.Platform.Api.ListAllAsync(Kinds.ClusterRequest), Is.Empty);
    }

    [Test]
    public async Task Denied_access_to_the_onboarding_cluster_is_a_failure()
    {
        await World.ConfigureAsync();
        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Deny;
        var key = await RequestAsync(OnboardingPurpose.Run(Api));
        await Eventually.Async(
            async () => AccessGrant.IsDenied(await World.Platform.Api.GetAsync(Kinds.AccessRequest, key, default)), "access is denied");

        var findings = await FindAsync(expectedCode: 1);

        Assert.That(findings["onboarding cluster"].Message, Does.Contain("denied"));
    }

    [Test]
    public async Task An_unreachable_platform_is_one_cross_and_the_rest_is_skipped()
    {
        var kubeconfig = World.KubeconfigFile(World.Platform, TestUsers.Nobody);
        await File.WriteAllTextAsync(
            kubeconfig,
            (await File.ReadAllTextAsync(kubeconfig)).Replace(
                World.Platform.Url.GetLeftPart(UriPartial.Authority), $"https://127.0.0.1:{LoopbackPort.Free()}", StringComparison.Ordinal));

        var findings = await FindAsync(expectedCode: 1, $"--kubeconfig={kubeconfig}");

        Assert.That(findings.Where(finding => finding.Value.Status == "failed").Select(finding => finding.Key).Single(), Is.EqualTo("platform cluster"));
        Assert.That(findings.Values.Count(finding => finding.Status == "skipped"), Is.EqualTo(findings.Count - 1));
        Assert.That(findings["platform cluster"].Cure, Does.Contain("can be reached"));
    }

    [Test]
    public async Task Says_who_leads()
    {
        await World.ConfigureAsync();
        await using var leader = World.StartReplica("replica-1", "--leader-elect", OnboardingKubeconfig());
        await leader.SaysAsync("Controller started");

        var findings = await FindAsync(expectedCode: 0, OnboardingKubeconfig(), "--leader-elect");

        Assert.That(findings["Lease"].Message, Does.StartWith("replica-1_").And.Contain(" leads since 20"));
    }

    private string OnboardingKubeconfig() => $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding)}";

    private KubeObject Definition(string name) => ProviderCrds.Of(Api).Single(definition => definition.Name == name);

    private async Task GrantAsync(OnboardingPurpose purpose)
    {
        var key = await RequestAsync(purpose);
        await Eventually.Async(
            async () => AccessGrant.SecretName(await World.Platform.Api.GetAsync(Kinds.AccessRequest, key, default)) is not null,
            "access is granted");
    }

    private async Task<ObjectKey> RequestAsync(OnboardingPurpose purpose)
    {
        var key = OnboardingRequests.Key(_identity, purpose);
        await World.Platform.Api.ApplyAsync(Kinds.ClusterRequest, OnboardingRequests.ClusterRequest(_identity, key), isForced: true, default);
        await World.Platform.Api.ApplyAsync(Kinds.AccessRequest, OnboardingRequests.AccessRequest(_identity, purpose, key), isForced: true, default);
        return key;
    }

    // A server takes a moment to forget a kind.
    private Task<Dictionary<string, Found>> EventuallyAsync(int expectedCode, Func<Dictionary<string, Found>, bool> isExpected) =>
        Eventually.Async(() => FindAsync(expectedCode, OnboardingKubeconfig()), isExpected, "check finds it");

    private async Task<Dictionary<string, Found>> FindAsync(int expectedCode, params string[] arguments)
    {
        await using var check = World.StartInspection("check", ["-o", "json", .. arguments]);
        var code = await check.EndAsync();
        Assert.That((code, string.Join('\n', check.Errors)), Is.EqualTo((expectedCode, "")));
        var json = JsonReading.Parse(string.Join('\n', check.Output));
        return json.EnumerateArray().ToDictionary(
            finding => finding.Text("name")!,
            finding => new Found(finding.Text("status")!, finding.Text("message")!, finding.Text("cure")));
    }

    private static string NotOk(Dictionary<string, Found> findings) =>
        string.Join(", ", findings.Where(finding => finding.Value.Status != "ok").Select(finding => finding.Key));

    // Writes of others, such as the stand-ins', do not count. The audit log lags behind a little.
    private static async Task<IReadOnlyList<string>> WritesAsync(TestCluster cluster, long mark)
    {
        var seen = await Eventually.Async(
            () => Task.FromResult(cluster.AuditLog.Since(mark).Where(entry => entry.IsWriteOfOurs()).ToList()),
            seen => seen.Count > 0,
            "the audit log has the reviews");
        return [.. seen.Select(entry => entry.Resource)];
    }

    private sealed record Found(string Status, string Message, string? Cure);
}
