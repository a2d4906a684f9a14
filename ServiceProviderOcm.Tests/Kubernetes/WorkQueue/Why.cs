namespace ServiceProviderOcm.Tests.Kubernetes.WorkQueue;

/// <summary>Reasons for which tests add keys.</summary>
[Flags]
public enum Why
{
    None = 0,
    Changed = 1,
    Interval = 2,
    Retry = 4,
}
