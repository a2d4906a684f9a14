using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using ServiceProviderOcm.Tests.Peers.Processes;

namespace ServiceProviderOcm.Tests.Peers;

public sealed class NeedsAttributeTests
{
    private const string NoProgram = "no-such-program";

    [Test]
    public void A_case_whose_program_is_missing_is_skipped_with_the_reason()
    {
        var skipped = Applied(RunState.Runnable);

        Assert.That(skipped.RunState, Is.EqualTo(RunState.Ignored));
        Assert.That(skipped.Properties.Get(PropertyNames.SkipReason), Is.EqualTo(PeerBinaries.Current.MissingReason(NoProgram)).And.Not.Null);
    }

    [Test]
    public void A_case_that_is_not_runnable_keeps_its_own_reason()
    {
        var invalid = Applied(RunState.NotRunnable);

        Assert.That((invalid.RunState, invalid.Properties.Get(PropertyNames.SkipReason)), Is.EqualTo((RunState.NotRunnable, (object?)null)));
    }

    private static TestSuite Applied(RunState state)
    {
        var suite = new TestSuite("suite") { RunState = state };
        new NeedsAttribute(NoProgram).ApplyToTest(suite);
        return suite;
    }
}
