using System.Diagnostics;
using System.Text;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Tests.Hostile;

public sealed class HeldSecretsTests
{
    [TestCase("users:\n- user:\n    token: some-token\n  name: x")]
    [TestCase("users: [{ user: { token: some-token, client-key-data: some-key } }]")]
    [TestCase("users: [{ user: { client-key-data: 'some-key', token: \"some-token\" } }]")]
    [TestCase("""{"users":[{"name":"x","user":{"token":"some-token"}}]}""")]
    [TestCase("""{"users":[{"user":{"password":"another-one","token" :"x"}},{"user":{"token":"some-token"}}]}""")]
    [TestCase("'token': some-token")]
    [TestCase("token: token: some-token\ntoken: some-token")]
    public void The_credentials_of_a_kubeconfig_are_redacted_and_nothing_else(string kubeconfig)
    {
        var secrets = HeldSecrets.Of([Secret(kubeconfig)]);

        Assert.That(secrets.Redact("with some-token, https://one.example and name: x"), Is.EqualTo("with ***, https://one.example and name: x"));
        Assert.That(
            secrets.Redact(Convert.ToBase64String(Encoding.UTF8.GetBytes("--some-token--"))), Does.Not.Contain("some-token").And.Contain("***"));
        Assert.That(secrets.Redact(kubeconfig), Is.Not.EqualTo("***").And.Not.Contain("some-token"));
    }

    [TestCase("token:")]
    [TestCase("token:'")]
    [TestCase("token:\"token:'")]
    [TestCase("tokentoken: ")]
    [TestCase("client-key-data: x\n")]
    public void A_kubeconfig_of_credentials_without_end_costs_no_more_than_its_size(string part)
    {
        var secrets = HeldSecrets.Of([Secret(string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length)))]);
        var started = Stopwatch.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();

        secrets.Redact("text");

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(100L << 20));
        Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    private static KubeObject Secret(string kubeconfig) => KubeObject.Parse(
        $$$"""{ "data": { "kubeconfig": "{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(kubeconfig))}}}" } }""");
}
