using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Servers;

public sealed class ServerChoicesTests
{
    [TestCase(null, false, ServerChoice.RealOrSandbox)]
    [TestCase("", false, ServerChoice.RealOrSandbox)]
    [TestCase(null, true, ServerChoice.Real)]
    [TestCase("real", false, ServerChoice.Real)]
    [TestCase("sandbox", false, ServerChoice.Sandbox)]
    [TestCase("sandbox", true, ServerChoice.Sandbox)]
    public void The_environment_selects_the_servers_of_the_tests(string? wanted, bool isCi, ServerChoice expected) =>
        Assert.That(ServerChoices.Parse(wanted, isCi), Is.EqualTo(expected));

    [Test]
    public void An_unknown_server_choice_is_rejected()
    {
        var error = Assert.Throws<ArgumentException>(() => ServerChoices.Parse("Sandbox", isCi: false));

        Assert.That(error!.Message, Does.Contain("\"Sandbox\"").And.Contain("\"real\"").And.Contain("\"sandbox\""));
    }
}
