using FsCheck;
using FsCheck.Fluent;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>Generators of observations: any object may be missing, changed by another writer, or being deleted.</summary>
internal static class Observations
{
    private static readonly string[] Configs =
    [
        "{}",
        """{ "imagePullSecret": { "name": "registry" } }""",
        """{ "imagePullSecret": { "name": "registry" }, "values": { "a": 1, "finalizers": ["x"] } }""",
        """{ "chartURL": "ghcr.io/other/chart", "values": { "b": { "c": [1, 2.0] } } }""",
        """{ "imagePullSecret": { "name": "registry" }, "values": { "manager": { "imagePullSecrets": [{ "name": "registry" }] } } }""",
    ];

    private static readonly string[] Drifts =
    [
        "{}",
        """{ "spec": { "suspend": true } }""",
        """{ "spec": { "timeout": "60s", "interval": "9m" } }""",
        """{ "spec": { "values": { "a": 2, "z": { "y": 1 } } } }""",
        """{ "spec": { "url": "oci://changed/by/hand", "ref": { "tag": "0.0.1", "semver": "*" } } }""",
        """{ "spec": { "values": null, "secretRef": { "name": "other" } } }""",
        """{ "metadata": { "labels": null } }""",
    ];

    private static readonly Gen<bool> Bools = Gen.Elements(true, false);

    public static readonly Gen<Observation> ToInstall =
        from config in Gen.Elements(Configs)
        from version in Gen.Elements("0.4.0", "0.5.0", "not a tag")
        from bundle in Gen.Elements(CaBundle.None, An.CaBundle, An.CaBundle with { IsInjected = true }, An.CaBundle with { Pem = "others\n" })
        from complete in Completed()
        select (complete with { CaBundle = bundle }).WithConfig(config).WithOcm($$"""{ "spec": { "version": "{{version}}" } }""");

    public static readonly Gen<Observation> ToDelete =
        from observation in ToInstall
        from hasConfig in Bools
        from hasControlPlane in Bools
        from others in Bools
        select (observation with
        {
            Config = hasConfig ? observation.Config : InstallConfig.Missing(An.Identity),
            SourceSecrets = hasConfig ? observation.SourceSecrets : new Dictionary<string, KubeObject>(),
            ClusterRequest = hasControlPlane ? observation.ClusterRequest : null,
        }).WithOcm($$"""{ "metadata": { "finalizers": ["{{An.Finalizer}}"{{(others ? ", \"example.com/theirs\"" : "")}}] } }""").Deleting();

    public static Observation WithForeignAccess(this Observation observation) => observation with
    {
        AccessRequest = An.Observation().Granted().AccessRequest!.Patched("""{ "metadata": { "labels": { "openmcp.cloud/managed-by": "other" } } }"""),
    };

    private static Gen<Observation> Completed()
    {
        var complete = An.Observation().WithPullSecret().WithConfig(Configs[4]).WithCaBundle(isInjected: true).Complete();
        return
            from ocm in Gen.Elements(complete.Ocm!, An.Ocm())
            from access in Changed(complete.AccessRequest!)
            from copy in Changed(complete.SecretCopies[0])
            from stray in Changed(complete.SecretCopies[0].Patched("""{ "metadata": { "name": "sp-ocm-earlier", "uid": "earlier" } }"""))
            from bundle in Changed(complete.SecretCopies[1])
            from source in Changed(complete.OciRepository!)
            from release in Changed(complete.HelmRelease!)
            from controlPlane in Changed(complete.ControlPlane)
            select complete with
            {
                Ocm = ocm,
                AccessRequest = access,
                ControlPlane = controlPlane,
                SecretCopies = [.. new[] { copy, stray, bundle }.OfType<KubeObject>()],
                OciRepository = source,
                HelmRelease = release,
            };
    }

    private static Gen<ObservedControlPlane> Changed(ObservedControlPlane sound) =>
        from ns in Gen.Elements(null, sound.Namespace)
        from copy in Changed(sound.Secrets[0])
        from stray in Changed(sound.Secrets[0].Patched("""{ "metadata": { "name": "earlier", "uid": "earlier" } }"""))
        from bundle in Changed(sound.ConfigMaps[0])
        select ObservedControlPlane.Of(
            ns,
            ns is null ? [] : [.. new[] { copy, stray }.OfType<KubeObject>()],
            ns is null ? [] : [.. new[] { bundle }.OfType<KubeObject>()]);

    private static Gen<KubeObject?> Changed(KubeObject sound)
    {
        var isFlux = sound.Json.At("spec", "interval") is not null;
        var held = isFlux ? sound.Patched("""{ "metadata": { "finalizers": ["finalizers.fluxcd.io"] } }""") : sound;
        var drifted = isFlux
            ? Gen.Elements(Drifts).Select(held.WithForeign)
            : Gen.Constant(held.Json.At("data") is not null ? held.WithForeign("""{ "data": { "extra": "eA==" } }""") : held);
        return from present in Gen.Frequency((1, Gen.Constant<KubeObject?>(null)), (2, Gen.Constant<KubeObject?>(held)), (3, drifted.Select(it => (KubeObject?)it)))
               from isOut in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
               select isOut && present is { Finalizers.Count: > 0 } ? present.BeingDeleted() : present;
    }
}
