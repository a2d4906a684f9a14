using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using ServiceProviderOcm.Tests.Peers.Processes;

namespace ServiceProviderOcm.Tests.Peers;

/// <summary>Skips the case, or all cases of the class, unless these programs are there; the reason names those that are missing.</summary>
/// <param name="names">File names of <see cref="Peer"/>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NeedsAttribute(params string[] names) : NUnitAttribute, IApplyToTest
{
    /// <inheritdoc/>
    public void ApplyToTest(Test test)
    {
        if (test.RunState == RunState.Runnable && PeerBinaries.Current.MissingReason(names) is { } reason)
        {
            test.RunState = RunState.Ignored;
            test.Properties.Set(PropertyNames.SkipReason, reason);
        }
    }
}
