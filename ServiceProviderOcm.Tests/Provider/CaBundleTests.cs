using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Core.Planning;
using ServiceProviderOcm.Tests.Client.Kubeconfig;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Provider;

[Category("RealServer")]
[TestFixtureSource(typeof(ApiGroups), nameof(ApiGroups.All))]
public sealed class CaBundleTests(ProviderApi api)
{
    private static readonly string First = new TestPki("first").Pem;
    private static readonly string Second = new TestPki("second").Pem;

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
    public async Task It_gets_to_Flux_and_to_the_toolkit_is_renewed_and_goes_again()
    {
        await _world.CaBundleAsync(First);
        await ConfigureAsync(isInjected: true);
        _world.StartController();
        await _world.ReadyTenantAsync();
        await BundleAsync(First);
        var source = await _world.Platform.Api.GetAsync(Kinds.OciRepository, ProviderWorld.FluxKey(_ocm), default);
        Assert.That(source.Json.Text("spec", "certSecretRef", "name"), Is.EqualTo(Manifests.CaBundleName));
        var patch = await PatchAsync(patch => patch is not null);

        await _world.CaBundleAsync(Second);
        await BundleAsync(Second);
        await PatchAsync(renewed => renewed is not null && renewed != patch);

        await ConfigureAsync(isInjected: false);
        await PatchAsync(none => none is null);
        await BundleAsync(Second);

        await _world.ConfigureAsync(new JsonObject { ["pollInterval"] = "1h" });
        await BundleAsync(null);
        await Eventually.Async(
            () => _world.Platform.Api.GetAsync(Kinds.OciRepository, ProviderWorld.FluxKey(_ocm), default),
            plain => plain.Json.At("spec", "certSecretRef") is null,
            "the source no longer refers to it");
        await _world.ReadyAsync(_ocm);
    }

    [Test]
    public async Task What_is_wrong_with_it_is_told_and_heals()
    {
        await ConfigureAsync(isInjected: false);
        _world.StartController();
        await _world.ControlPlaneAsync(_ocm);
        await _world.ApplyOcmAsync(_ocm);
        await FaultAsync("CABundleMissing", $"{ProviderWorld.PodNamespace}/{ProviderWorld.CaBundleName}");
        await _world.CaBundleAsync("no certificate");
        await FaultAsync("CABundleInvalid", "no PEM certificate");
        await _world.CaBundleAsync($"{First}\n-----BEGIN PRIVATE KEY-----\nhush-hush\n-----END PRIVATE KEY-----\n");
        var fault = await FaultAsync("CABundleInvalid", "private key");
        Assert.That(fault.Json.GetRawText(), Does.Not.Contain("hush-hush"));
        Assert.That(await _world.PlacedAsync(), Is.Empty);
        Assert.That(await _world.LeftoversAsync(_ocm), Is.Empty);

        await _world.CaBundleAsync(First);
        await _world.ReadyAsync(_ocm);
        await BundleAsync(First);
    }

    [Test]
    public async Task A_deletion_takes_it_away_everywhere_and_does_not_need_it()
    {
        await _world.CaBundleAsync(First);
        await ConfigureAsync(isInjected: true);
        _world.StartController();
        await _world.ReadyTenantAsync();
        await _world.Platform.Api.DeleteAsync(Kinds.ConfigMap, new ObjectKey(ProviderWorld.PodNamespace, ProviderWorld.CaBundleName));
        await _world.SeesAsync(_ocm, "CABundleMissing");
        await _world.DeleteOcmAsync(_ocm);
        await _world.GoneAsync(_ocm);
        Assert.That(await _world.PlacedAsync(), Is.Empty);
        await Eventually.Async(() => _world.LeftoversAsync(_ocm), left => left.Count == 0, "nothing is left on the platform");
    }

    private Task<KubeObject> ConfigureAsync(bool isInjected) => _world.ConfigureAsync(new JsonObject
    {
        ["pollInterval"] = "1h",
        ["caBundleRef"] = new JsonObject { ["name"] = ProviderWorld.CaBundleName, ["key"] = "ca.crt", ["injectIntoToolkit"] = isInjected },
    });

    private async Task BundleAsync(string? pem)
    {
        var text = pem is null ? null : $"{pem}\n";
        await Eventually.Async(
            async () => (await _world.Platform.Api.FindAsync(
                Kinds.Secret, new ObjectKey(ProviderWorld.TenantNamespace(_ocm), Manifests.CaBundleName)))?.Json.Text("data", "ca.crt"),
            data => data == (text is null ? null : TestPki.Base64(text)),
            "Flux has the bundle");
        await Eventually.Async(
            async () => (await _world.Mcp.Api.FindAsync(
                Kinds.ConfigMap, new ObjectKey(Manifests.ToolkitNamespace, Manifests.CaBundleName)))?.Json.Text("data", "ca.crt"),
            data => data == text,
            "the toolkit has the bundle");
    }

    private Task<string?> PatchAsync(Func<string?, bool> condition) => Eventually.Async(
        async () => (await _world.Platform.Api.GetAsync(Kinds.HelmRelease, ProviderWorld.FluxKey(_ocm), default))
            .Json.Items("spec", "postRenderers").SelectMany(renderer => renderer.Items("kustomize", "patches"))
            .Select(patch => patch.Text("patch")).SingleOrDefault(),
        condition,
        "the release is post-rendered as it should be");

    private async Task<KubeObject> FaultAsync(string reason, string mentioned)
    {
        var ocm = await Eventually.Async(
            () => _world.SeesAsync(_ocm, reason),
            seen => ProviderWorld.Ready(seen, "message")!.Contains(mentioned, StringComparison.Ordinal),
            $"{reason} mentions {mentioned}");
        await _world.EventAsync(_ocm, reason);
        return ocm;
    }
}
