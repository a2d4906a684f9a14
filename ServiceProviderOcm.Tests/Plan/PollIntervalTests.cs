using NUnit.Framework;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Tests.Plan;

public sealed class PollIntervalTests
{
    [Test]
    public void Without_a_ProviderConfig_it_is_the_default() => Assert.That(PollInterval.Of(null), Is.EqualTo(TimeSpan.FromMinutes(1)));

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
    public void The_ProviderConfig_says_it_within_reason(string spec, int seconds) =>
        Assert.That(PollInterval.Of(An.ProviderConfig(spec)), Is.EqualTo(TimeSpan.FromSeconds(seconds)));
}
