namespace ServiceProviderOcm.Sandbox.ApiServer.Printing;

/// <summary>How a client wants objects, which it says in the <c>Accept</c> header.</summary>
internal enum Representation
{
    /// <summary>As they are.</summary>
    Full,

    /// <summary>As the rows of a <c>Table</c>.</summary>
    Table,

    /// <summary>As <c>PartialObjectMetadata</c>.</summary>
    Metadata,
}
