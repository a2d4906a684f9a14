using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.ServerSideApply;

namespace ServiceProviderOcm.Tests.Apply;

public sealed class LearnedDefaultsTests
{
    [Test]
    public void The_oldest_is_forgotten_when_there_are_too_many()
    {
        var defaults = new LearnedDefaults(capacity: 2);
        foreach (var field in (string[])["a", "b", "a", "c"])
        {
            defaults.Add(field);
        }

        Assert.That(defaults.Known, Is.EquivalentTo(["b", "c"]));
    }

    [Test]
    public void What_somebody_has_been_given_does_not_change_under_their_hands()
    {
        var defaults = new LearnedDefaults(capacity: 1);
        defaults.Add("a");
        var before = defaults.Known;

        defaults.Add("b");

        Assert.That(before, Is.EqualTo(["a"]));
    }
}
