namespace ServiceProviderOcm.Tests.Servers;

/// <summary>Which API server a conformance test runs on.</summary>
public enum ServerUnderTest
{
    /// <summary>That of the test run, which is a real one wherever there are some: it decides what is right.</summary>
    OfTheRun,

    /// <summary>One of the sandbox, always.</summary>
    Sandbox,
}
