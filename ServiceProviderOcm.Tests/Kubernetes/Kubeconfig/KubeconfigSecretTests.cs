using System.Text;
using Moq;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Connections;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Kubernetes.Kubeconfig;

public sealed class KubeconfigSecretTests
{
    private static readonly ObjectKey Key = new("tenant", "access");
    private static readonly IKubernetesApi Api = Mock.Of<IKubernetesApi>(api => api.ClusterName == "platform cluster");

    [TestCase(null, "Secret tenant/access not found on the platform cluster")]
    [TestCase("""{ "data": { "other": "" } }""", "Secret tenant/access on the platform cluster has no key \"kubeconfig\"")]
    [TestCase("""{ "data": { "kubeconfig": "!" } }""", "key \"kubeconfig\" of Secret tenant/access on the platform cluster is not Base64")]
    [TestCase("""{ "data": { "kubeconfig": "W10=" } }""", "the kubeconfig in Secret tenant/access cannot be used: ")]
    public void An_unusable_Secret_is_described(string? secret, string expected)
    {
        using var source = new KubeconfigSecretSource("name", ClientOptions.Connection);

        var isUsable = KubeconfigSecret.TryUpdate(source, Api, Key, secret is null ? null : KubeObject.Parse(secret), out var error);

        Assert.That((isUsable, error.StartsWith(expected, StringComparison.Ordinal)), Is.EqualTo((false, true)), error);
    }

    [TestCase(131_072, false)]
    [TestCase(131_073, true)]
    public void A_kubeconfig_in_a_Secret_has_at_most_128_KiB(int length, bool isOverLimit)
    {
        using var metrics = new MetricsReader();
        var api = new Mock<IKubernetesApi>();
        api.Setup(cluster => cluster.Limits).Returns(metrics.Metrics.Limits);
        using var source = new KubeconfigSecretSource("Secret tenant/access", ClientOptions.Connection);
        var kubeconfig = TestConnections.Config("server: https://one.example").TrimEnd() + "\n#";
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(kubeconfig.PadRight(length, 'x')));

        KubeconfigSecret.TryUpdate(
            source, api.Object, Key, KubeObject.Parse($$$"""{ "data": { "kubeconfig": "{{{encoded}}}" } }"""), out var error, out var isTooLarge);

        Assert.That((error, isTooLarge), Is.EqualTo((
            isOverLimit
                ? "the kubeconfig in Secret tenant/access cannot be used: Secret tenant/access: has 131073 bytes, and the limit of a kubeconfig is 131072 (limit kubeconfig_bytes)"
                : "",
            isOverLimit)));
        Assert.That(
            metrics.Read("service_provider_ocm_limit_exceeded_total").GetValueOrDefault("kubeconfig_bytes"), Is.EqualTo(isOverLimit ? 1 : 0));
    }
}
