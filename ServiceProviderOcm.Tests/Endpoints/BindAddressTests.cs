using NUnit.Framework;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Tests.Endpoints;

public sealed class BindAddressTests
{
    [TestCase(":8081", ":8081")]
    [TestCase(":0", ":0")]
    [TestCase("0.0.0.0:8081", "0.0.0.0:8081")]
    [TestCase("127.0.0.1:65535", "127.0.0.1:65535")]
    [TestCase("localhost:8081", "127.0.0.1:8081")]
    [TestCase("[::1]:8081", "[::1]:8081")]
    [TestCase("[::]:8081", ":8081")]
    public void A_bind_address_is_a_port_of_all_interfaces_or_of_one(string text, string meant)
    {
        Assert.That(BindAddress.TryParse(text, out var address, out _), text);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(address!.ToString(), Is.EqualTo(meant));
            Assert.That(address.IsOff, Is.False);
        }
    }

    [TestCase("")]
    [TestCase("0")]
    public void An_empty_bind_address_or_zero_disables_the_endpoint(string text)
    {
        Assert.That(BindAddress.TryParse(text, out var address, out _));
        Assert.That(address!.IsOff);
    }

    [TestCase("8081", "has no port")]
    [TestCase("127.0.0.1", "has no port")]
    [TestCase("localhost", "has no port")]
    [TestCase(":", "a number from 0 to 65535")]
    [TestCase(":65536", "a number from 0 to 65535")]
    [TestCase(":-1", "a number from 0 to 65535")]
    [TestCase(": 80", "a number from 0 to 65535")]
    [TestCase(":http", "a number from 0 to 65535")]
    [TestCase("[::1]", "a number from 0 to 65535")]
    [TestCase("::1:8081", "IPv6 in square brackets")]
    [TestCase("[127.0.0.1]:8081", "not an address of this machine")]
    [TestCase("[[::1]:80]:8081", "not an address of this machine")]
    [TestCase("[]:8081", "not an address of this machine")]
    [TestCase("1:8081", "not an address of this machine")]
    [TestCase("256.0.0.1:8081", "not an address of this machine")]
    [TestCase("example.com:8081", "not an address of this machine")]
    [TestCase("http://127.0.0.1:8081", "not an address of this machine")]
    public void An_invalid_bind_address_is_rejected_with_the_reason(string text, string error)
    {
        Assert.That(BindAddress.TryParse(text, out _, out var reason), Is.False);
        Assert.That(reason, Does.Contain(error));
    }
}
