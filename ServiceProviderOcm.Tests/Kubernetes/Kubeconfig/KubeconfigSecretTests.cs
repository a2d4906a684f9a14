using Moq;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;

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
}
