namespace ServiceProviderOcm.Sandbox.ApiServer.Errors;

/// <summary>What is wrong with a field.</summary>
internal enum FieldErrorType
{
    /// <summary>The value is not acceptable.</summary>
    Invalid,

    /// <summary>The value is of another type.</summary>
    TypeInvalid,

    /// <summary>There is none.</summary>
    Required,

    /// <summary>It is none of those that are allowed.</summary>
    NotSupported,

    /// <summary>It may not be set, or not so.</summary>
    Forbidden,

    /// <summary>It names something that is not there.</summary>
    NotFound,

    /// <summary>It is there twice.</summary>
    Duplicate,

    /// <summary>A text is too long.</summary>
    TooLong,

    /// <summary>A list has too many items.</summary>
    TooMany,
}
