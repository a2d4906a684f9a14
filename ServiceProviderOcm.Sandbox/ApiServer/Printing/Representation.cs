namespace ServiceProviderOcm.Sandbox.ApiServer.Printing;

/// <summary>The representation of objects, from the <c>Accept</c> header.</summary>
internal enum Representation
{
    /// <summary>The whole objects.</summary>
    Full,

    Table,

    /// <summary><c>PartialObjectMetadata</c>.</summary>
    Metadata,
}
