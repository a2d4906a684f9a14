namespace ServiceProviderOcm.Tests.Servers;

/// <summary>Users of each cluster of the test run besides the administrator; tests give them roles.</summary>
public static class TestUsers
{
    /// <summary>Whom the provider acts as, in tests of its permissions.</summary>
    public const string Provider = "provider";

    /// <summary>Whom a second replica of the provider acts as, who may do everything, so that audit logs tell the two apart.</summary>
    public const string Replica = "replica";

    /// <summary>A user with permission to read metrics.</summary>
    public const string Metrics = "metrics";

    /// <summary>A tenant.</summary>
    public const string Tenant = "tenant";

    /// <summary>A user without permissions.</summary>
    public const string Nobody = "nobody";

    private const int Worlds = 99;

    /// <summary>New users with these names.</summary>
    public static IReadOnlyList<ServerUser> All() => [new(Provider), new(Replica, "system:masters"), new(Metrics), new(Tenant), new(Nobody)];

    /// <summary>The same, and one more provider and replica for each test that shares the clusters with others.</summary>
    public static IReadOnlyList<ServerUser> Shared() =>
    [
        .. All(),
        .. Enumerable.Range(1, Worlds).Select(number => new ServerUser($"{Provider}-{number}")),
        .. Enumerable.Range(1, Worlds).Select(number => new ServerUser($"{Replica}-{number}", "system:masters")),
    ];
}
