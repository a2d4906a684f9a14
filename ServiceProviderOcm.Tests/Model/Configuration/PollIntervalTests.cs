using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Model.Configuration;

public sealed class PollIntervalTests
{
    [Test]
    public void Without_a_ProviderConfig_the_poll_interval_is_the_default() => Assert.That(
        InstallConfig.Missing(An.Identity).PollInterval, Is.EqualTo(TimeSpan.FromMinutes(1)));

    [TestCase("""{ "pollInterval": "5m" }""", 300)]
    [TestCase("""{ "pollInterval": "1h30m" }""", 5400)]
    [TestCase("""{ "pollInterval": "1s" }""", 1)]
    [TestCase("""{ "pollInterval": "1ms" }""", 1)]
    [TestCase("""{}""", 60)]
    [TestCase("""{ "pollInterval": "" }""", 60)]
    [TestCase("""{ "pollInterval": "soon" }""", 60)]
    [TestCase("""{ "pollInterval": "0" }""", 60)]
    [TestCase("""{ "pollInterval": "-5m" }""", 60)]
    [TestCase("""{ "pollInterval": 300 }""", 60)]
    public void The_poll_interval_is_a_positive_Go_duration_of_a_second_at_least(string spec, int seconds) =>
        Assert.That(An.Config(spec).PollInterval, Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase("5m", false)]
    [TestCase("1s", false)]
    [TestCase("1ms", true)]
    [TestCase("soon", true)]
    [TestCase("0", true)]
    public void A_poll_interval_that_is_not_used_as_written_is_a_warning(string interval, bool isWarning)
    {
        var warnings = An.Config($$"""{ "pollInterval": "{{interval}}" }""").Warnings.Select(warning => warning.Path);

        Assert.That(warnings, isWarning ? Is.EqualTo(["spec.pollInterval"]) : Is.Empty);
    }
}
