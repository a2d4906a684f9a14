using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Peers;

/// <summary>Upgrades: when an OCM is Ready, and in which order both Flux objects are written.</summary>
/// <param name="hasRealFlux">Whether Flux is real, or its stand-in.</param>
public abstract class UpgradeCases(bool hasRealFlux) : ChartFixture(hasRealFlux)
{
    [Test]
    public async Task A_pinned_digest_is_installed_and_upgraded_and_Ready_only_with_its_chart()
    {
        await OfferAsync(version => new JsonObject { ["chartDigest"] = Digests[version] });
        await InstalledAsync();
        using var premature = new ReadyStates(World, Ocm, PrematureAsync);

        foreach (var version in new[] { Newer, Older })
        {
            await World.ApplyOcmAsync(Ocm, version);
            await ReadyAsync(World.Api, Ocm);
            var source = await SourceAsync();
            var latest = (await ReleaseAsync(Ocm)).Json.Items("status", "history").First();
            Assert.That(
                (source.Text("spec", "ref", "digest"), ChartArtifact.Of(source).Digest, latest.Text("ociDigest")),
                Is.EqualTo((Digests[version], Digests[version], Digests[version])));
        }

        Assert.That(await premature.SeenAsync(), Is.Not.Empty.And.All.Null);
    }

    [Test]
    public async Task A_tag_that_is_restored_while_the_upgrade_is_under_way_is_Ready_only_with_its_chart()
    {
        await InstalledAsync();
        using var premature = new ReadyStates(World, Ocm, PrematureAsync);

        for (var round = 0; round < 3; round++)
        {
            await World.ApplyOcmAsync(Ocm, Newer);
            await Eventually.Async(
                () => ReleaseAsync(Ocm),
                release => release.ReadyCondition.Text("status") == "Unknown"
                    || release.Text("status", "lastAttemptedRevision")!.StartsWith(Newer, StringComparison.Ordinal),
                "the upgrade is under way",
                LongTimeout);
            await World.ApplyOcmAsync(Ocm, Older);
            await ReadyAsync(World.Api, Ocm);
        }

        Assert.That(await premature.SeenAsync(), Is.Not.Empty.And.All.Null);
    }

    [Test]
    public async Task A_new_version_with_new_values_writes_the_HelmRelease_after_the_OCIRepository_is_Ready_and_never_fails()
    {
        await OfferAsync(version => new JsonObject { ["helmValues"] = Replicas(version == Older ? 1 : 3) });
        await InstalledAsync();
        var before = (await ReleaseAsync(Ocm)).Generation;
        using var reasons = new ReadyStates(World, Ocm, seen => Task.FromResult(seen.ReadyCondition.Text("reason")));
        var mark = World.Platform.AuditLog.Mark();

        await World.ApplyOcmAsync(Ocm, Newer);
        await ReadyAsync(World.Api, Ocm);

        Assert.That((await ReleaseAsync(Ocm)).Generation, Is.EqualTo(before + 1));
        Assert.That(await reasons.SeenAsync(), Has.None.EqualTo("HelmReleaseFailed"));
        var writes = await Eventually.Async(
            () => Task.FromResult(FluxWrites(mark)), all => all.Contains("provider: helmreleases"), "the audit log has the last write");
        var ready = writes.SkipWhile(write => write != "provider: ocirepositories").TakeWhile(write => write != "provider: helmreleases");
        Assert.That(ready, Has.Member("Flux: ocirepositories/status"), string.Join(", ", writes));
    }

    [TestCase("enabled")]
    [TestCase("warn")]
    [TestCase("disabled")]
    [TestCase(null)]
    public async Task The_mode_of_drift_detection_is_passed_to_Flux(string? mode)
    {
        await ConfigureAsync(config =>
        {
            config.Remove("driftDetection");
            if (mode is not null)
            {
                config["driftDetection"] = new JsonObject { ["mode"] = mode };
            }
        });

        await InstalledAsync();

        Assert.That((await ReleaseAsync(Ocm)).Text("spec", "driftDetection", "mode"), Is.EqualTo(mode));
    }

    // In their order.
    private List<string> FluxWrites(long mark) =>
    [
        .. World.Platform.AuditLog.Since(mark)
            .Where(entry => entry.Namespace == ProviderWorld.TenantNamespace(Ocm) && entry.Verb is "patch" or "update")
            .Where(entry => entry.Resource == PlatformKinds.OciRepository.Plural || entry.Resource == PlatformKinds.HelmRelease.Plural)
            .Select(entry => entry.IsProviderWrite() ? $"provider: {entry.Resource}" : $"Flux: {entry.Resource}/{entry.Subresource}"),
    ];
}
