using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.Objects;

public sealed class DnsNamesTests
{
    [TestCase("a", true, true)]
    [TestCase("0-a", true, true)]
    [TestCase("a.b-c.d", true, false)]
    [TestCase("", false, false)]
    [TestCase("-a", false, false)]
    [TestCase("a-", false, false)]
    [TestCase("a..b", false, false)]
    [TestCase("a.-b", false, false)]
    [TestCase("A", false, false)]
    [TestCase("a_b", false, false)]
    [TestCase("a\n", false, false)]
    public void Names_follow_RFC_1123(string name, bool isSubdomain, bool isLabel) =>
        Assert.That((DnsNames.IsSubdomain(name), DnsNames.IsLabel(name)), Is.EqualTo((isSubdomain, isLabel)));

    [TestCase(63, true, true)]
    [TestCase(64, true, false)]
    [TestCase(253, true, false)]
    [TestCase(254, false, false)]
    public void Names_have_a_maximum_length(int length, bool isSubdomain, bool isLabel)
    {
        var name = new string('a', length);

        Assert.That((DnsNames.IsSubdomain(name), DnsNames.IsLabel(name)), Is.EqualTo((isSubdomain, isLabel)));
    }
}
