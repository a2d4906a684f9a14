using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

namespace ServiceProviderOcm.Tests.Kubernetes.Kubeconfig;

/// <summary>The cases are those of golang.org/x/net/http/httpproxy.</summary>
public sealed class NoProxyTests
{
    [TestCase("", "https://example.com", "http://proxy:1/")]
    [TestCase("", "https://localhost", null)]
    [TestCase("", "https://127.0.0.1", null)]
    [TestCase("", "https://127.1.2.3:6443", null)]
    [TestCase("", "https://[::1]", null)]
    [TestCase("", "http://example.com", "http://plain:2/")]
    [TestCase("*", "https://example.com", null)]
    [TestCase("a, *", "https://example.com", null)]
    [TestCase("example.com", "https://example.com", null)]
    [TestCase("example.com", "https://EXAMPLE.com:6443", null)]
    [TestCase("example.com", "https://a.b.example.com", null)]
    [TestCase("example.com", "https://badexample.com", "http://proxy:1/")]
    [TestCase(".example.com", "https://a.example.com", null)]
    [TestCase(".example.com", "https://example.com", "http://proxy:1/")]
    [TestCase("*.example.com", "https://a.example.com", null)]
    [TestCase("*.example.com", "https://example.com", "http://proxy:1/")]
    [TestCase("example.com:6443", "https://example.com:6443", null)]
    [TestCase("example.com:443", "https://example.com", null)]
    [TestCase("example.com:6443", "https://example.com", "http://proxy:1/")]
    [TestCase("example.com:x", "https://example.com", "http://proxy:1/")]
    [TestCase("EXAMPLE.com , other", "https://example.com", null)]
    [TestCase(":443", "https://example.com", "http://proxy:1/")]
    [TestCase("10.0.0.0/8", "https://10.1.2.3:6443", null)]
    [TestCase("10.1.2.3/8", "https://10.9.9.9", null)]
    [TestCase("10.0.0.0/8", "https://11.0.0.1", "http://proxy:1/")]
    [TestCase("10.0.0.0/8", "https://ten.example", "http://proxy:1/")]
    [TestCase("10.0.0.0/33", "https://10.0.0.1", "http://proxy:1/")]
    [TestCase("0.0.0.0/0", "https://10.0.0.1", null)]
    [TestCase("fd00::/8", "https://[fd00::1]", null)]
    [TestCase("fd00::1", "https://[fd00::1]:6443", null)]
    [TestCase("[fd00::1]:6443", "https://[fd00::1]:6443", null)]
    [TestCase("[fd00::1]:443", "https://[fd00::1]:6443", "http://proxy:1/")]
    [TestCase("10.0.0.1", "https://10.0.0.1", null)]
    [TestCase("10.0.0.1:443", "https://10.0.0.1", null)]
    [TestCase("10.0.0.1:6443", "https://10.0.0.1", "http://proxy:1/")]
    [TestCase("10.1", "https://10.0.0.1", "http://proxy:1/")]
    [TestCase(",,", "https://example.com", "http://proxy:1/")]
    public void Exceptions_follow_the_rules_of_Go(string exceptions, string url, string? expected)
    {
        var proxy = Proxy(("HTTPS_PROXY", "http://proxy:1"), ("http_proxy", "plain:2"), ("no_proxy", exceptions));

        Assert.That(proxy.GetProxy(new Uri(url))?.AbsoluteUri, Is.EqualTo(expected));
        Assert.That(proxy.IsBypassed(new Uri(url)), Is.EqualTo(expected is null));
    }

    [Test]
    public void Without_variables_there_is_no_proxy() => Assert.That(Proxy().IsBypassed(new Uri("https://example.com")));

    [Test]
    public void The_credentials_of_a_proxy_are_those_of_its_URL()
    {
        var proxy = Proxy(("HTTPS_PROXY", "http://me:pass%20word@proxy:1"));
        var address = proxy.GetProxy(new Uri("https://example.com"))!;

        Assert.That(proxy.Credentials!.GetCredential(address, "Basic")!.Password, Is.EqualTo("pass word"));
    }

    private static EnvironmentProxy Proxy(params (string Name, string Value)[] variables) =>
        new(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
