using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>The built Worker where the Go provider has installed an OCM: the commands of a migration, and <c>run</c> beside its Lease.</summary>
[Category("Worker")]
public sealed class MigrateCommandTests() : ProviderFixture(new ProviderApi(ProviderApi.RenamedGroup))
{
    private static readonly ProviderApi Target = new(ProviderApi.DefaultGroup);

    private static readonly string[] Groups = [$"--from={ProviderApi.RenamedGroup}", $"--to={ProviderApi.DefaultGroup}"];

    [Test]
    public async Task Migrate_lists_the_steps_and_with_yes_moves_everything_to_the_group_that_run_then_serves()
    {
        using var go = new GoProvider(World);
        await World.ConfigureAsync();
        var ocm = await go.InstalledAsync();
        var release = await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm), default);
        var onboarding = $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding)}";
        string[] arguments = [.. Groups, $"--kubeconfig={World.KubeconfigFile(World.Platform)}", onboarding];

        await using (var dryRun = World.StartDetecting("migrate", arguments))
        {
            Assert.That(await dryRun.EndAsync(), Is.Zero);
            Assert.That(dryRun.Output.First(), Is.EqualTo($"{ocm}   Copying"));
            Assert.That(dryRun.Output, Has.Member($"  patch OCM {ocm} (Onboarding)"));
            Assert.That(dryRun.Errors, Has.Some.Contains("This was a dry run: use --yes"));
        }

        Assert.That((await World.Onboarding.Api.GetAsync(Api.Ocm, ocm, default)).Annotations, Is.Empty);

        await using var migrate = World.StartDetecting("migrate", [.. arguments, "--yes", "--timeout=1m"]);
        await migrate.LogsAsync("to be Ready");
        await using var run = World.StartDetecting("run", $"--kubeconfig={World.KubeconfigFile(World.Platform)}", onboarding);

        Assert.That(await migrate.EndAsync(), Is.Zero);
        Assert.That(migrate.Errors, Has.Some.StartsWith($"Complete: 1 OCM moved to {Target.Group}"));
        Assert.That(run.Output, Has.Some.Contains($"API group {Target.Group} is served"));
        Assert.That(await World.Onboarding.Api.FindAsync(Api.Ocm, ocm), Is.Null);
        Assert.That(await World.Onboarding.Api.FindAsync(Target.Ocm, ocm), Is.Not.Null);
        Assert.That(
            (await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm), default)).Uid, Is.EqualTo(release.Uid));
    }

    [Test]
    public async Task Migrate_lists_the_steps_with_the_access_of_the_controller_which_may_not_list_the_other_group()
    {
        using var go = new GoProvider(World);
        await World.ConfigureAsync();
        var ocm = await go.InstalledAsync();
        await using var run = World.StartDetecting("run", $"--api-group={Api.Group}", $"--kubeconfig={World.KubeconfigFile(World.Platform)}");
        await World.ReadyAsync(ocm);
        Assert.That((await OnboardingPermissionsAsync())[0], Does.Contain(Api.Group).And.Not.Contain(Target.Group));

        await using var dryRun = World.StartDetecting("migrate", [.. Groups, $"--kubeconfig={World.KubeconfigFile(World.Platform)}"]);

        Assert.That(await dryRun.EndAsync(), Is.Zero, string.Join('\n', dryRun.Errors));
        Assert.That(dryRun.Output, Has.Member($"{ocm}   Copying").And.Member($"  patch OCM {ocm} (Onboarding)"));
        Assert.That(dryRun.Errors, Has.One.Contains($"OCMs of {Target.Group} were not listed: ").And.One.Contains("pass --onboarding-kubeconfig"));
        Assert.That(dryRun.Errors, Has.Some.Contains("This was a dry run: use --yes"));
    }

    [Test]
    public async Task Migrate_moves_nothing_while_the_Go_provider_holds_its_Lease()
    {
        using var go = new GoProvider(World);
        await World.ConfigureAsync();
        var ocm = await go.InstalledAsync();
        await World.NamespaceAsync(World.Onboarding, World.PodNamespace);
        await HoldAsync("go-leader");
        var onboarding = $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding)}";

        await using var migrate = World.StartDetecting(
            "migrate", [.. Groups, $"--kubeconfig={World.KubeconfigFile(World.Platform)}", onboarding, "--yes"]);

        var ending = migrate.EndAsync();
        await Eventually.Async(
            async () =>
            {
                await HoldAsync("go-leader");
                return ending.IsCompleted;
            },
            "the command has seen that the Lease is renewed");
        Assert.That(await ending, Is.EqualTo(1));
        Assert.That(migrate.Errors, Has.One.Contains("is held by go-leader: the Go provider is running. Take over in place first"));
        Assert.That((await World.Onboarding.Api.GetAsync(Api.Ocm, ocm, default)).Annotations, Is.Empty);
    }

    [Test]
    public async Task Run_waits_for_the_Lease_of_the_Go_provider_before_it_writes()
    {
        using var go = new GoProvider(World);
        await World.ConfigureAsync();
        var ocm = await go.InstalledAsync();
        await World.NamespaceAsync(World.Onboarding, World.PodNamespace);
        await HoldAsync("go-leader");
        await go.RequestOnboardingAsync();
        var (platform, onboarding) = (World.Platform.AuditLog.Mark(), World.Onboarding.AuditLog.Mark());

        await using var run = World.StartDetecting(
            "run", "-f", "json", "--disable-stacktrace", "--disable-caller", "--disable-timestamp", "--webhook-cert-path=/certs");
        await run.LogsAsync("which go-leader holds");

        Assert.That(World.Onboarding.AuditLog.Since(onboarding).Where(entry => entry.IsProviderWrite()), Is.Empty);
        Assert.That(
            World.Platform.AuditLog.Since(platform).Where(entry => entry.IsProviderWrite() && entry.Namespace == ProviderWorld.TenantNamespace(ocm)),
            Is.Empty);
        Assert.That(run.Output, Has.Some.Contains("--disable-stacktrace is accepted for compatibility"));
        Assert.That((await OnboardingPermissionsAsync())[0], Is.EqualTo(go.OnboardingRules), "the Go provider renews its Lease with them");
        await HoldAsync("");
        await World.ReadyAsync(ocm);
        await Eventually.Async(
            OnboardingPermissionsAsync, all => all.Count == 1 && all[0] != go.OnboardingRules, "the leader reduces the permissions");
    }

    [Test]
    public async Task Check_before_a_rollback_reports_the_losses()
    {
        await World.ConfigureAsync(new JsonObject { ["caBundleRef"] = new JsonObject { ["name"] = "trust", ["key"] = "ca.crt" } });
        await World.ApplyOcmAsync(World.Ocm("a-name-that-is-longer-than-22"));

        await using var check = World.StartDetecting(
            "check", "--before-rollback", $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding)}");

        Assert.That(await check.EndAsync(), Is.EqualTo(1));
        Assert.That(check.Output, Has.Some.StartsWith("FAIL rollback: catalogue:"));
        Assert.That(check.Output, Has.Some.StartsWith("warn rollback: CA bundle:"));
        Assert.That(check.Output, Has.Some.StartsWith("warn rollback: names of OCMs:").And.Some.Contains("a-name-that-is-longer-than-22"));
    }

    private async Task<IReadOnlyList<string>> OnboardingPermissionsAsync()
    {
        var key = OnboardingRequests.Key(World.Identity, OnboardingPurpose.Run(Api));
        var request = await World.Platform.Api.GetAsync(PlatformKinds.AccessRequest, key, default);
        return [.. request.Json.Items("spec", "token", "permissions").Select(permission => permission.At("rules")!.Value.GetRawText())];
    }

    private Task<KubeObject> HoldAsync(string holder) => World.Onboarding.Api.ApplyAsync(Kinds.Lease, new JsonObject
    {
        ["metadata"] = new JsonObject { ["namespace"] = World.PodNamespace, ["name"] = ObjectNames.GoLease },
        ["spec"] = new JsonObject
        {
            ["holderIdentity"] = holder,
            ["leaseDurationSeconds"] = 3600,
            ["renewTime"] = TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture),
        },
    });
}
