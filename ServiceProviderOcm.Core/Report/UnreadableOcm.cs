using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Report;

/// <summary>What is said of an OCM that cannot be read.</summary>
internal static class UnreadableOcm
{
    /// <summary>The reason.</summary>
    public static string ReasonOf(UnreadableObject ocm) => ocm.Excess is null ? "Unreadable" : Reasons.LimitExceeded;

    /// <summary>What is wrong, and what to do.</summary>
    public static string MessageOf(UnreadableObject ocm) => ocm.Excess is null
        ? $"OCM {ocm.Key} cannot be read: {ocm.Error}. It is not reconciled, and what is installed stays. Correct its metadata."
        : OverLimitStatus.MessageOf(ocm);
}
