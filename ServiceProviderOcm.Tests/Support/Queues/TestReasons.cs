namespace ServiceProviderOcm.Tests.Support.Queues;

/// <summary>Reasons for which tests add keys.</summary>
[Flags]
public enum TestReasons
{
    None = 0,
    Changed = 1,
    Interval = 2,
    Retry = 4,
}
