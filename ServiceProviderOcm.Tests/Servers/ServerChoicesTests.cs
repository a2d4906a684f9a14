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
    public void The_environment_says_which_servers_the_tests_run_on(string? wanted, bool isCi, ServerChoice expected) =>
        Assert.That(ServerChoices.Parse(wanted, isCi), Is.EqualTo(expected));

    [Test]
    public void A_kind_of_server_that_does_not_exist_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => ServerChoices.Parse("Sandbox", isCi: false));

        Assert.That(error!.Message, Does.Contain("\"Sandbox\"").And.Contain("\"real\"").And.Contain("\"sandbox\""));
    }
}
