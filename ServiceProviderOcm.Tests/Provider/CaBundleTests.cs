using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

public sealed class CaBundleTests : ProviderFixture
{
    private static readonly string First = new TestPki("first").Pem;
    private static readonly string Second = new TestPki("second").Pem;

    [Test]
    public async Task The_CA_bundle_is_distributed_renewed_and_removed_with_the_ProviderConfig()
    {
        await World.CaBundleAsync(First);
        await ConfigureAsync(isInjected: true);
        World.StartController();
        await World.ReadyTenantAsync();
        await BundleAsync(First);
        var source = await World.Platform.Api.GetAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(Ocm), default);
        Assert.That(source.Json.Text("spec", "certSecretRef", "name"), Is.EqualTo(ObjectNames.CaBundle));
        var patch = await PatchAsync(patch => patch is not null);

        await World.CaBundleAsync(Second);
        await BundleAsync(Second);
        await PatchAsync(renewed => renewed is not null && renewed != patch);

        await ConfigureAsync(isInjected: false);
        await PatchAsync(none => none is null);
        await BundleAsync(Second);

        await World.ConfigureAsync(new JsonObject { ["pollInterval"] = "1h" });
        await BundleAsync(null);
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(Ocm), default),
            plain => plain.Json.At("spec", "certSecretRef") is null,
            "the source no longer refers to it");
        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task A_missing_or_invalid_CA_bundle_is_reported_until_it_is_fixed()
    {
        await ConfigureAsync(isInjected: false);
        World.StartController();
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm);
        await ReportsAsync("CABundleMissing", $"{World.PodNamespace}/{ProviderWorld.CaBundleName}");
        await World.CaBundleAsync("no certificate");
        await ReportsAsync("CABundleInvalid", "no PEM certificate");
        await World.CaBundleAsync($"{First}\n-----BEGIN PRIVATE KEY-----\nhush-hush\n-----END PRIVATE KEY-----\n");
        var reported = await ReportsAsync("CABundleInvalid", "private key");
        Assert.That(reported.Json.GetRawText(), Does.Not.Contain("hush-hush"));
        Assert.That(await World.PlacedAsync(), Is.Empty);
        Assert.That(await World.LeftoversAsync(Ocm), Is.Empty);

        await World.CaBundleAsync(First);
        await World.ReadyAsync(Ocm);
        await BundleAsync(First);
    }

    [Test]
    public async Task A_deletion_removes_the_copies_of_the_CA_bundle_even_when_the_source_is_missing()
    {
        await World.CaBundleAsync(First);
        await ConfigureAsync(isInjected: true);
        World.StartController();
        await World.ReadyTenantAsync();
        await World.Platform.Api.DeleteAsync(Kinds.ConfigMap, new ObjectKey(World.PodNamespace, ProviderWorld.CaBundleName));
        await World.SeesAsync(Ocm, "CABundleMissing");
        await World.DeleteOcmAsync(Ocm);
        await World.GoneAsync(Ocm);
        Assert.That(await World.PlacedAsync(), Is.Empty);
        await Eventually.Async(() => World.LeftoversAsync(Ocm), left => left.Count == 0, "nothing is left on the platform");
    }

    private Task<KubeObject> ConfigureAsync(bool isInjected) => World.ConfigureAsync(new JsonObject
    {
        ["pollInterval"] = "1h",
        ["caBundleRef"] = new JsonObject { ["name"] = ProviderWorld.CaBundleName, ["key"] = "ca.crt", ["injectIntoToolkit"] = isInjected },
    });

    private async Task BundleAsync(string? pem)
    {
        var text = pem is null ? null : $"{pem}\n";
        await Eventually.Async(
            async () => (await World.Platform.Api.FindAsync(
                Kinds.Secret, new ObjectKey(ProviderWorld.TenantNamespace(Ocm), ObjectNames.CaBundle)))?.Json.Text("data", "ca.crt"),
            data => data == (text is null ? null : TestPki.Base64(text)),
            "Flux has the bundle");
        await Eventually.Async(
            async () => (await World.Mcp.Api.FindAsync(
                Kinds.ConfigMap, new ObjectKey(ObjectNames.ToolkitNamespace, ObjectNames.CaBundle)))?.Json.Text("data", "ca.crt"),
            data => data == text,
            "the toolkit has the bundle");
    }

    private Task<string?> PatchAsync(Func<string?, bool> condition) => Eventually.Async(
        async () => (await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(Ocm), default))
            .Json.Items("spec", "postRenderers").SelectMany(renderer => renderer.Items("kustomize", "patches"))
            .Select(patch => patch.Text("patch")).SingleOrDefault(),
        condition,
        "the release is post-rendered as desired");

    private async Task<KubeObject> ReportsAsync(string reason, string mentioned)
    {
        var ocm = await Eventually.Async(
            () => World.SeesAsync(Ocm, reason),
            seen => ProviderWorld.Ready(seen, "message")!.Contains(mentioned, StringComparison.Ordinal),
            $"{reason} mentions {mentioned}");
        await World.EventAsync(Ocm, reason);
        return ocm;
    }
}
