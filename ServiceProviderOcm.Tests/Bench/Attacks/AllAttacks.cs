using System.Text;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>The attacks of <c>scripts/bench hostile</c>, with full numbers.</summary>
public static class AllAttacks
{
    // So many control planes do the same at once, as one tenant may have several.
    private const int ControlPlanes = 10;
    private const int ManyControlPlanes = 50;
    private const int KubeconfigBytes = 1_000_000;
    private const int CertificateBytes = 60_000;

    /// <summary>The attacks, in the order in which they run.</summary>
    public static IReadOnlyList<Attack> Of(ProviderApi api)
    {
        var scripts = new Scripts(api);
        return
        [
            new DeepOcms("20 `OCM`s with `managedFields` of 1,000 levels", count: 20, levels: 1_000),
            new LargeOcms("1,600 `OCM`s with annotations of 240 kB", count: 1_600, annotationBytes: 240_000, stay: true),
            new RestartAmidOcms("the same, and the controller restarts"),
            new OtherGroupOcms("1,600 such `OCM`s of the other API group, and the controller restarts", count: 1_600, annotationBytes: 240_000),
            new LargeOcms("2,500 `OCM`s in one namespace", count: 2_500, annotationBytes: 1),
            new LargeOcms("20,000 `OCM`s in one namespace", count: 20_000, annotationBytes: 1),
            new ManyFinalizers("60 `OCM`s with 20,000 finalizers", count: 60, finalizers: 20_000),
            new OcmStorm("50 `OCM`s, `reconcile` annotations by 10 clients", tenants: 50, clients: 10, requestsOperation: true),
            new OcmStorm("50 `OCM`s, changed versions by 10 clients", tenants: 50, clients: 10, requestsOperation: false),
            new ControlPlaneAttack("control planes: objects of 100,000 levels", ControlPlanes, scripts.DeepObjects),
            new ControlPlaneAttack("control planes: watches that fail with 500", ControlPlanes, Scripts.BrokenWatch),
            new ControlPlaneAttack("control planes: watches that end within a line", ControlPlanes, Scripts.TruncatedWatch),
            new ControlPlaneAttack("control planes: endless list", ControlPlanes, scripts.EndlessList),
            new ControlPlaneAttack("control planes: endless object", ControlPlanes, scripts.EndlessObject),
            new ControlPlaneAttack("control planes: endless line", ControlPlanes, scripts.EndlessLine),
            new ControlPlaneAttack("control planes: endless events", ControlPlanes, scripts.EndlessEvents),
            new ControlPlaneAttack("control planes: endless `continue`", ControlPlanes, scripts.EndlessContinue),
            new ControlPlaneAttack("control planes: endless error", ControlPlanes, scripts.EndlessError),
            new ControlPlaneAttack("control planes: slow drip", ControlPlanes, scripts.SlowDrip),
            new ControlPlaneAttack("50 control planes: HTTP/2 frames without reading", ManyControlPlanes, () => HostileServer.StartAsync(Scripts.Pings)),
            new ControlPlaneAttack(
                "50 control planes: connections that end, certificates of 60 kB", ManyControlPlanes, () => HostileServer.StartClosingAsync(CertificateBytes)),
            new ControlPlaneAttack("control planes: no answer at all", ManyControlPlanes, Scripts.Silence),
            new ControlPlaneAttack("control planes: 450 ConfigMaps of 900 kB with our labels", ControlPlanes, scripts.LargeConfigMapList),
            new ControlPlaneAttack("50 control planes: endless list", ManyControlPlanes, scripts.EndlessList),
            new ControlPlaneAttack("50 control planes: 30 objects of 900 kB with our labels", ManyControlPlanes, scripts.KeptObjects),
            new ControlPlaneAttack("50 control planes: 3.9 MB of a line without end", ManyControlPlanes, Scripts.HeldLines),
            new ControlPlaneAttack("control planes: 60 labelled Secrets, 9.5 s to delete each", ControlPlanes, scripts.SlowDeletions),
            new ControlPlaneAttack("12 control planes, 9 s per write", 12, Scripts.SlowWrites),
            new ControlPlaneAttack("50 control planes, 9 s per write", ManyControlPlanes, Scripts.SlowWrites),
            new HostileKubeconfigs("kubeconfigs of 1 MB: brackets", ControlPlanes, new string('[', KubeconfigBytes)),
            new HostileKubeconfigs("kubeconfigs of 1 MB: aliases", ControlPlanes, Aliases()),
            new HostileKubeconfigs("kubeconfigs of 1 MB: PEM without ends", ControlPlanes, Certificates()),
            new HostileConfiguration("`pollInterval` of 91 characters"),
            new TokenFlood("`/metrics`: 100 connections, a new token per request", connections: 100),
            new HalfOpenHandshakes("`/metrics`: 300 half-open handshakes", connections: 300),
            new IdleConnections("`/healthz`: 300 idle connections from 3 addresses", connections: 300, clients: 3),
        ];
    }

    private static string Aliases()
    {
        var text = new StringBuilder("a0: &a0 [x]\n");
        for (var number = 1; text.Length < KubeconfigBytes; number++)
        {
            text.Append($"a{number}: &a{number} [*a{number - 1}, *a{number - 1}]\n");
        }

        return text.ToString();
    }

    private static string Certificates()
    {
        var pem = new StringBuilder();
        while (pem.Length < KubeconfigBytes * 7 / 10)
        {
            pem.Append("-----BEGIN CERTIFICATE-----\n");
        }

        return $"""
            apiVersion: v1
            kind: Config
            clusters: [{"{"} name: a, cluster: {"{"} server: "https://127.0.0.1:1", certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(pem.ToString()))} {"}"} {"}"}]
            users: [{"{"} name: a, user: {"{"} token: t {"}"} {"}"}]
            contexts: [{"{"} name: a, context: {"{"} cluster: a, user: a {"}"} {"}"}]
            current-context: a
            """;
    }
}
